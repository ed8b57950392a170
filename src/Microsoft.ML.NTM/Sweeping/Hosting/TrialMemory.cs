using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Interop;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What trainings need of memory, known before they begin.</summary>
internal static class TrialMemory
{
    // Weights, their gradient, up to three numbers of an optimizer, and the best weights so far.
    private const long NumbersPerWeight = 6;

    /// <summary>
    /// Bytes at a point of a space of the trainer's options: the network and a batch of the longest sequences. Null where the sweep has no
    /// budget, so that the data need not be read.
    /// </summary>
    /// <exception cref="InvalidOperationException">A row of the data cannot serve.</exception>
    public static Func<double[], long>? Of<TOptions>(
        MLContext context, SweepSpace space, TOptions options, IDataView train, SweepOptions sweep)
        where TOptions : SequenceTrainerOptions, new()
    {
        if (sweep.MemoryBudget is null)
            return null;
        SequenceFormat format = FormatResolver.Resolve(train, options.ToColumns());
        int longest = LongestRow(format, options.MaximumInputSteps ?? int.MaxValue, train, context.ThrowIfCancelled);
        return point =>
        {
            TOptions own = OptionsCopy.With(options, space.ValuesOf(point));
            NetworkSpec network = format.Embed(own.ToNetwork(format.InputSize, format.OutputSize));
            int[] lengths = new int[own.BatchSize];
            lengths.AsSpan().Fill(longest);
            int threads = sweep.NumberOfParallelTrials == 1 ? own.NumberOfThreads ?? Environment.ProcessorCount : 1;
            MemoryNeed need = EngineFactory.NeedOf(own.Backend, network, threads, own.ToGradients());
            return need.OfTraining(lengths).Bytes + NumbersPerWeight * sizeof(float) * new ParameterLayout(network).Length;
        };
    }

    private static int LongestRow(SequenceFormat format, int most, IDataView train, Action checkAlive)
    {
        using DataViewRowCursor cursor = train.GetRowCursor(SequenceSchema.Check(format, train.Schema, ColumnUse.Training));
        var reader = new SequenceRowReader(cursor, format, ColumnUse.Training);
        var row = new SequenceRow();
        int longest = 1;
        while (cursor.MoveNext())
        {
            checkAlive();
            if (reader.Read(row, cursor.Position) && row.InputSteps <= most)
                longest = Math.Max(longest, row.Length);
        }
        return longest;
    }
}
