namespace Microsoft.ML.NTM;

/// <summary>Which rows' labels a packed sequence has. The sequence's last step is the last row that its features come from.</summary>
public enum LabelPlacement
{
    /// <summary>A label per step: that of the row as many rows later as the horizon says (0: the step's own).</summary>
    EveryStep,

    /// <summary>One label: that of the row as many rows after the last step as the horizon says (0: the last step's own).</summary>
    Last,

    /// <summary>The labels of the rows that follow the last step, as many as the horizon says.</summary>
    Following,
}
