using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// Refuses what would not fit into memory before anything of it is computed, with an error that names the longest row, its steps, what it
/// needs and what helps. A GPU's memory is not known before; there, the error comes when it has run out.
/// </summary>
/// <param name="need">What the engine takes.</param>
/// <param name="format">The sequences.</param>
/// <param name="bytes">How much memory may be needed at once; <see cref="long.MaxValue"/>: not known.</param>
internal sealed class MemoryLimit(MemoryNeed need, SequenceFormat format, long bytes)
{
    /// <summary>The setting of the application that replaces <see cref="Default"/>, in bytes.</summary>
    public const string Setting = "Microsoft.ML.NTM.MemoryLimit";

    // A single array has fewer numbers than this.
    private const long LargestBuffer = int.MaxValue - 64;

    private const double MiB = 1 << 20;

    /// <summary>
    /// What the application sets, else three quarters of what the process may use: of the machine's memory, or of the container's.
    /// </summary>
    public static long Default => AppContext.GetData(Setting) switch
    {
        long set => set,
        int set => set,
        string set when long.TryParse(set, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) => parsed,
        _ => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3,
    };

    /// <summary>Does nothing for a batch that can be trained.</summary>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public void RequireTraining(SequenceBatch batch)
    {
        ReadOnlySpan<int> lengths = batch.Lengths.AsSpan(0, batch.Rows);
        MemoryAmount amount = need.OfTraining(lengths);
        if (Fits(amount))
            return;
        string smaller = need.Network.Bidirectional ? "A smaller network takes less"
            : need.Truncation == int.MaxValue ? "TruncationSteps keep fewer steps at once" : "Fewer TruncationSteps keep fewer at once";
        string cure = Fits(need.OfTraining(lengths[..1])) ? $"A BatchSize of {Fitting(lengths, need.OfTraining)} would do; {smaller}."
            : $"{smaller}; a MaximumInputSteps leaves such rows out.";
        throw Refused(batch, "train", amount, cure);
    }

    /// <summary>Does nothing for a batch that can be scored.</summary>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public void RequireScoring(SequenceBatch batch)
    {
        ReadOnlySpan<int> lengths = batch.Lengths.AsSpan(0, batch.Rows);
        MemoryAmount amount = need.OfScoring(lengths);
        if (Fits(amount))
            return;
        string cure = Fits(need.OfScoring(lengths[..1])) ? $"A BatchSize of {Fitting(lengths, need.OfScoring)} would do." : StepByStep;
        throw Refused(batch, "are scored", amount, cure);
    }

    /// <summary>Does nothing for a row that can be scored by itself.</summary>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public void RequireScoring(SequenceRow row)
    {
        MemoryAmount amount = need.OfScoring([row.Length]);
        if (!Fits(amount))
            throw Refused(row.RowId, "sequences that are scored", row.Length, 1, amount, StepByStep);
    }

    /// <summary>Does nothing for a row whose trace has so many numbers per step.</summary>
    /// <exception cref="InvalidOperationException">They are too many.</exception>
    public void RequireTrace(SequenceBatch row, long numbersPerStep)
    {
        var amount = new MemoryAmount(row.Steps * numbersPerStep * sizeof(float), LargestBuffer: 0);
        if (!Fits(amount))
            throw Refused(row.RowIds[0], "sequences that are traced", row.Steps, 1, amount, "Trace its parts, or a smaller model.");
    }

    /// <summary>How many of the rows, longest first, can be scored together: at least one.</summary>
    public int RowsTogether(ReadOnlySpan<SequenceRow> rows)
    {
        Span<int> lengths = rows.Length <= 256 ? stackalloc int[rows.Length] : new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            lengths[i] = rows[i].Length;
        return Fitting(lengths, need.OfScoring);
    }

    /// <summary>Whether memory has run out: the process's, libtorch's or a GPU's.</summary>
    public static bool IsExhausted(Exception fault) => fault is OutOfMemoryException || fault is ExternalException
        && (fault.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || fault.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
            || fault.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to say when memory ran out over a batch.</summary>
    public InvalidOperationException Exhausted(SequenceBatch batch, bool trains, Exception fault)
    {
        string cure = trains ? "A smaller BatchSize or TruncationSteps help" : "Shorter sequences or fewer at once help";
        return SequenceErrors.Row(format.Features[0].ColumnName, batch.RowIds[0],
            "batches that fit into the device's memory", FormattableString.Invariant(
                $"{batch.Steps} steps, which in a batch of {batch.Rows} used it up. {cure}"), fault);
    }

    private string StepByStep => need.Network.Bidirectional ? "Score its parts, or with a smaller network."
        : "A step engine (CreateStepEngine) takes sequences of any length, step by step.";

    private bool Fits(MemoryAmount amount) => amount.Bytes <= bytes && amount.LargestBuffer <= LargestBuffer;

    // The most of the first rows that fit, by halves.
    private int Fitting(ReadOnlySpan<int> lengths, Func<ReadOnlySpan<int>, MemoryAmount> amount)
    {
        int rows = lengths.Length;
        while (rows > 1 && !Fits(amount(lengths[..rows])))
            rows = (rows + 1) / 2;
        return rows;
    }

    private InvalidOperationException Refused(SequenceBatch batch, string what, MemoryAmount amount, string cure) =>
        Refused(batch.RowIds[0], $"batches that {what}", batch.Steps, batch.Rows, amount, cure);

    private InvalidOperationException Refused(long row, string what, int steps, int rows, MemoryAmount amount, string cure)
    {
        string limit = amount.Bytes <= bytes ? "with arrays of at most 8 GiB"
            : FormattableString.Invariant($"within {bytes / MiB:F0} MiB of memory");
        string company = rows > 1 ? FormattableString.Invariant($"in a batch of {rows} ") : "";
        return SequenceErrors.Row(format.Features[0].ColumnName, row, $"{what} {limit}",
            FormattableString.Invariant($"{steps} steps, which {company}need {amount.Bytes / MiB:F0} MiB. {cure}"));
    }
}
