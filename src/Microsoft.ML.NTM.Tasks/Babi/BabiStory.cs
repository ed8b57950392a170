namespace Microsoft.ML.NTM;

/// <summary>A bAbI story with all its questions: one sequence, and a row of <see cref="BabiData.ToDataView"/>.</summary>
public sealed class BabiStory
{
    /// <summary>The task it belongs to, 1 to 20.</summary>
    public int Task { get; set; }

    /// <summary>The tokens as keys: T. After a question mark comes one <c>-</c> per answer word.</summary>
    public uint[] Features { get; set; } = [];

    /// <summary>The answer word's key at each <c>-</c>, and 0, not scored, everywhere else: T.</summary>
    public uint[] Label { get; set; } = [];
}
