using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>Refuses a batch that would not fit, before anything of it is trained.</summary>
/// <param name="network">The network.</param>
/// <param name="format">Its sequences.</param>
/// <param name="threads">Threads of the engine.</param>
/// <param name="bytes">How much memory a batch may need.</param>
/// <param name="truncation">Steps that are kept at once, or null for all.</param>
internal sealed class MemoryLimit(NetworkSpec network, SequenceFormat format, int threads, long bytes, int? truncation = null)
{
    private const double MiB = 1 << 20;

    /// <summary>Three quarters of what the process may use: of the machine's memory, or of the container's.</summary>
    public static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>Does nothing for a batch that fits.</summary>
    /// <exception cref="InvalidOperationException">It does not; the message names its longest row, what it needs and what
    /// helps.</exception>
    public void Require(SequenceBatch batch)
    {
        int kept = truncation ?? int.MaxValue;
        long need = MemoryNeed.OfTraining(network, batch, threads, kept);
        if (need <= bytes)
            return;
        string smaller = truncation is null ? "TruncationSteps keep fewer steps at once" : "Fewer TruncationSteps keep fewer at once";
        string cure = MemoryNeed.OfTraining(network, batch.Lengths.AsSpan(0, 1), threads, kept) > bytes
            ? $"{smaller}; a MaximumInputSteps leaves such rows out."
            : FormattableString.Invariant($"A BatchSize of {Math.Max(1, batch.Rows * bytes / need)} would do; {smaller}.");
        throw SequenceErrors.Row(format.Features[0].ColumnName, batch.RowIds[0],
            FormattableString.Invariant($"batches that train within {bytes / MiB:F0} MiB of memory"),
            FormattableString.Invariant($"{batch.Lengths[0]} steps, which in a batch of {batch.Rows} need {need / MiB:F0} MiB. {cure}"));
    }
}
