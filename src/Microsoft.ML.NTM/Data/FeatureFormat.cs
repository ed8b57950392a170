namespace Microsoft.ML.NTM.Data;

/// <summary>
/// One feature column of a fitted model: numbers, or keys that the network sees as one-hot groups. (A learned embedding would take the
/// place of <see cref="Width"/> here: rows hold keys as they are, and only the batch spreads them out.)
/// </summary>
/// <param name="ColumnName">The column.</param>
/// <param name="ValuesPerStep">Numbers or keys per step.</param>
/// <param name="KeyCount">How many keys there are; 0 for numbers.</param>
internal sealed record FeatureFormat(string ColumnName, int ValuesPerStep, int KeyCount = 0)
{
    /// <summary>Whether the values are keys.</summary>
    public bool IsKey => KeyCount > 0;

    /// <summary>Inputs that the column gives the network per step.</summary>
    public int Width => ValuesPerStep * Math.Max(KeyCount, 1);
}
