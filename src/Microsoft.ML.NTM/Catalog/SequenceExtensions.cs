using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM;

namespace Microsoft.ML;

/// <summary>Puts <c>Sequence</c> beside ML.NET's own catalogs.</summary>
public static class SequenceExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>
        /// Trainers, evaluation and tools for sequences: <c>mlContext.Sequence.Trainers.Ntm(...)</c>. Compilers before C# 14 write
        /// <c>new SequenceCatalog(mlContext)</c>.
        /// </summary>
        public SequenceCatalog Sequence
        {
            [RequiresUnreferencedCode(SequenceCatalog.NotTrimmable)]
            [RequiresDynamicCode(SequenceCatalog.NotTrimmable)]
            get => new(mlContext);
        }
    }
}
