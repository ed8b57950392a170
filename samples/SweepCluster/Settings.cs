using System.ComponentModel;

/// <summary>What a process of the cluster is told.</summary>
internal sealed class Settings
{
    [Description("Redis, as host:port, for clustering and the sweep's state; without it one process alone, with files")]
    public string? Redis { get; set; }

    [Description("where models, checkpoints and files are; all processes must see it, and going on needs the same one. "
        + "One process alone without it: a new one among the temporary ones")]
    public string? Folder { get; set; }

    [Description("trials that this process trains at the same time")]
    public int Workers { get; set; } = 1;

    [Description("port that silos talk on; one of its own for each process on a machine")]
    public int SiloPort { get; set; } = 11111;

    [Description("port for clients")]
    public int GatewayPort { get; set; } = 30000;

    [Description("trials of the search")]
    public int Trials { get; set; } = 24;

    [Description("sequences per trial")]
    public int Sequences { get; set; } = 16_000;
}
