namespace Microsoft.ML.NTM;

/// <summary>A bAbI story as text: a row of <see cref="BabiData.ToTextDataView"/>.</summary>
public sealed class BabiTextStory
{
    /// <summary>The task it belongs to, 1 to 20.</summary>
    public int Task { get; set; }

    /// <summary>The tokens: T.</summary>
    public string[] Tokens { get; set; } = [];

    /// <summary>The answer word at each <c>-</c>, empty everywhere else: T.</summary>
    public string[] Answers { get; set; } = [];
}
