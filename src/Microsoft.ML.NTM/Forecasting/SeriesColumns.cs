namespace Microsoft.ML.NTM;

/// <summary>The columns of a forecasting pipeline.</summary>
internal static class SeriesColumns
{
    /// <summary>Inputs and label, as trainers look for them, and the answers.</summary>
    public const string Features = "Features", Label = "Label", Score = "Score";

    /// <summary>What differences are taken from, one value per forecast column; and the label as it was before.</summary>
    public const string LastValue = "LastValue", LabelValue = "LabelValue";
}
