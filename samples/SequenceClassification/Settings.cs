using System.ComponentModel;

/// <summary>What the command line says.</summary>
internal sealed class Settings
{
    [Description("A CSV with a header and a row per time step; without it, pulses on two noisy lines are made.")]
    public string? File { get; set; }

    [Description("The column that tells sequences apart, any text or number.")]
    public string Id { get; set; } = "Id";

    [Description("The column of numbers or dates that a sequence's rows are sorted by.")]
    public string Time { get; set; } = "Time";

    [Description("The columns of numbers, with commas between.")]
    public string Inputs { get; set; } = "X,Y";

    [Description("The column with the class; of a sequence, its last row's counts.")]
    public string Class { get; set; } = "Class";

    [Description("What stands between cells; \"tab\" for tabs.")]
    public string Separator { get; set; } = ",";

    [Description("The decimal mark.")]
    public char Decimal { get; set; } = '.';

    [Description("The share of the sequences that is tested on.")]
    public double Test { get; set; } = 0.3;

    [Description("Where the trained model goes, and data that is made.")]
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), $"lstm-classes-{Environment.ProcessId}");
}
