using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation.Folds;

/// <summary>Parts to train on and to test on that tear no sequence and share no row.</summary>
internal static class SequenceFolds
{
    /// <summary>Each sequence of a table is tested on in one fold, and trained on in the others.</summary>
    /// <param name="table">A table with one row per time step.</param>
    /// <param name="idColumnName">The column of ids.</param>
    /// <param name="folds">How many parts.</param>
    /// <param name="seed">Decides which sequences go together.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or there are fewer sequences than folds.</exception>
    public static IEnumerable<(IDataView Training, IDataView Test)> BySequence(IDataView table, string idColumnName, int folds, int seed)
    {
        int sequences = SequenceLengths.Count(table, idColumnName, null).Count;
        if (sequences < folds)
            throw TooFew(folds, $"{sequences} sequences of column '{idColumnName}'");
        int[] order = [.. Enumerable.Range(0, sequences)];
        new Random(seed).Shuffle(order);
        int[] fold = new int[sequences];
        for (int i = 0; i < sequences; i++)
            fold[order[i]] = i % folds;
        return Enumerable.Range(0, folds).Select(k => (
            (IDataView)new SequencePartView(table, idColumnName, (sequence, _) => fold[sequence] != k),
            (IDataView)new SequencePartView(table, idColumnName, (sequence, _) => fold[sequence] == k)));
    }

    /// <summary>
    /// Rolling origin: each series is cut into one block of time more than there are folds; fold k trains on all blocks before block
    /// k + 1 and is tested on that one, whose windows may begin before it, so that its first rows are answered too.
    /// </summary>
    /// <param name="table">A table with one row per time step, each series in order.</param>
    /// <param name="pack">How windows are cut from it.</param>
    /// <param name="folds">How many parts.</param>
    /// <exception cref="ArgumentException">No windows are cut.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The series are too short for so many folds.</exception>
    public static IEnumerable<(IDataView Training, IDataView Test)> ByTime(IDataView table, PackOptions pack, int folds)
    {
        if (pack.Window is not int window)
            throw new ArgumentException("Folds over time need windows: set Window when packing. Ids split whole sequences.", nameof(pack));
        string? id = pack.SequenceColumnName;
        List<long> lengths = SequenceLengths.Count(table, id, pack.OrderColumnName);
        long longest = lengths.DefaultIfEmpty().Max(), needed = (long)window + pack.Horizon;
        if (Bound(longest, 1, folds) < needed || longest / (folds + 1) < Math.Max(pack.Horizon, 1))
        {
            throw TooFew(folds, $"series of at most {longest} rows, of which the first fold trains on {Bound(longest, 1, folds)}; "
                + $"a window with its labels takes {needed}");
        }
        // How many rows before the block the first window begins whose labels all lie in it.
        long before = pack.LabelPlacement switch
        {
            LabelPlacement.EveryStep => pack.Horizon,
            LabelPlacement.Last => needed - 1,
            _ => window,
        };
        return Enumerable.Range(1, folds).Select(k => (
            (IDataView)new SequencePartView(table, id, (s, place) => place < Bound(lengths[s], k, folds)),
            (IDataView)new SequencePartView(table, id, (s, place) => place >= Bound(lengths[s], k, folds) - before
                && place < Bound(lengths[s], k + 1, folds))));
    }

    /// <summary>
    /// Rows that are windows in the order of time: blocks of them, with gaps so that no window shares a row of its table with another part.
    /// </summary>
    /// <param name="windows">A row per window.</param>
    /// <param name="overlap">How many windows after one still share rows with it.</param>
    /// <param name="folds">How many parts.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few windows for so many folds.</exception>
    public static IEnumerable<(IDataView Training, IDataView Test)> ByBlock(IDataView windows, int overlap, int folds)
    {
        long rows = 0;
        using (DataViewRowCursor cursor = windows.GetRowCursor([]))
        {
            while (cursor.MoveNext())
                rows++;
        }
        if (rows / folds <= overlap)
            throw TooFew(folds, $"{rows} windows, each of which shares rows with the {overlap} after it");
        return Enumerable.Range(0, folds).Select(k => (Start: rows * k / folds, End: rows * (k + 1) / folds)).Select(block => (
            (IDataView)new PartialView(windows, row => row < block.Start - overlap || row >= block.End + overlap),
            (IDataView)new PartialView(windows, row => row >= block.Start && row < block.End)));
    }

    private static long Bound(long rows, int block, int folds) => rows * block / (folds + 1);

    private static ArgumentOutOfRangeException TooFew(int folds, string what) =>
        new(nameof(folds), $"There is too little data for {folds} folds: {what}.");
}
