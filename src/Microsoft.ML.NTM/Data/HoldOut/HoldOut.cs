namespace Microsoft.ML.NTM.Data;

/// <summary>Training data in two parts: one to train on, one to validate on.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What is held back, or null where that is too little to say anything.</param>
internal sealed record HoldOut(IDataView Training, IDataView? Validation)
{
    /// <summary>Fewer rows than this say more about chance than about the network.</summary>
    public const int FewestRows = 20;

    // Rows that are counted, at most, where their number only has to be known to be large; scattered rows are taken from among them.
    private const long MostCounted = 100_000;

    /// <summary>Splits by the data's kind: the end of windows of a time series, else scattered rows.</summary>
    /// <param name="data">All data.</param>
    /// <param name="fraction">The share to hold back, from 0 to below 1.</param>
    /// <param name="mostRows">Rows to hold back at most.</param>
    /// <param name="features">The feature columns.</param>
    public static HoldOut Split(IDataView data, double fraction, long mostRows, IEnumerable<string> features)
    {
        if (fraction <= 0)
            return new HoldOut(data, null);
        int? overlap = features.Select(name => WindowOverlap.Of(data.Schema[name])).Max();
        long rows = Count(data, overlap is null ? MostCounted : long.MaxValue);
        long heldBack = Math.Min((long)(rows * fraction), mostRows);
        if (heldBack < FewestRows)
            return new HoldOut(data, null);
        RowSplit split = overlap is int gap ? RowSplit.End(rows - heldBack, gap) : RowSplit.Scattered((double)heldBack / rows, rows);
        if (!split.IsTrainedOn(0) && !split.IsHeldBack(0))
            return new HoldOut(data, null);
        return new HoldOut(new PartialView(data, split.IsTrainedOn), new PartialView(data, split.IsHeldBack, rows));
    }

    private static long Count(IDataView data, long most)
    {
        if (data.GetRowCount() is long known)
            return known;
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        long rows = 0;
        while (rows < most && cursor.MoveNext())
            rows++;
        return rows;
    }
}
