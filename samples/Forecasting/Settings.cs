using System.ComponentModel;

/// <summary>What the command line says.</summary>
internal sealed class Settings
{
    [Description("A CSV with a header and a row per time step, in the order of time; without it, a chaotic series is made.")]
    public string? File { get; set; }

    [Description("The column to forecast.")]
    public string Column { get; set; } = "Value";

    [Description("What stands between cells; \"tab\" for tabs.")]
    public string Separator { get; set; } = ",";

    [Description("The decimal mark.")]
    public char Decimal { get; set; } = '.';

    [Description("The number that stands for a missing reading; such rows, and empty cells, are left out.")]
    public float Missing { get; set; } = float.NaN;

    [Description("Rows that a forecast is made from.")]
    public int Window { get; set; } = 24;

    [Description("Rows ahead.")]
    public int Horizon { get; set; } = 12;

    [Description("Blocks of time to evaluate on one after the other, instead of the last third.")]
    public int Folds { get; set; }

    [Description("Where the trained model goes, and data that is made.")]
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), $"lstm-forecast-{Environment.ProcessId}");
}
