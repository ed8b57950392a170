using Help = System.ComponentModel.DescriptionAttribute;

/// <summary>What the sample is told.</summary>
internal sealed class Settings
{
    [Help("seconds for each of the two experiments")]
    public uint Seconds { get; set; } = 120;

    [Help("sequences that each trial learns from")]
    public int Sequences { get; set; } = 16_000;

    [Help("where the models go, pulses.zip and copy.zip")]
    public string Out { get; set; } = ".";
}
