using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.NTM.Transformers.Traces;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// Runs a fitted pipeline on sequences and says what the network did in every step: where its heads read and wrote, their gates, the
    /// memory. Each sequence is run when it is asked for; its trace holds all steps (of a memory of N x M, N M numbers each).
    /// </summary>
    /// <param name="model">A sequence model, or a pipeline with one.</param>
    /// <param name="data">Sequences as the pipeline scores them.</param>
    /// <returns>A trace per row of what reaches the sequence model.</returns>
    /// <exception cref="ArgumentException">The pipeline has no or several sequence models.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="NotSupportedException">The model reads sequences in both directions.</exception>
    /// <example>
    /// <code>
    /// foreach (SequenceTrace trace in ml.Sequence.Trace(model, ml.Data.TakeRows(test, 3)))
    ///     trace.SaveSvg($"sequence{trace.Row}.svg");
    /// </code>
    /// </example>
    public IEnumerable<SequenceTrace> Trace(ITransformer model, IDataView data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ITransformer[] parts = [.. PipelineParts.Of(model)];
        SequenceModelParameters traced = PipelineParts.OnlyModel(parts, "A trace").Model;
        foreach (ITransformer part in parts.TakeWhile(part => part is not SequenceTransformer))
            data = part.Transform(data);
        return Tracer.Trace(traced, data);
    }
}
