using Help = System.ComponentModel.DescriptionAttribute;

/// <summary>What a process of the cluster is told.</summary>
internal sealed class Settings
{
    [Help("Redis, as host:port, for clustering and the sweep's state; without it one process alone, with files")]
    public string? Redis { get; set; }

    [Help("where models, checkpoints and files are; all processes must see it, and going on needs the same one. "
        + "One process alone without it: a new one among the temporary ones")]
    public string? Folder { get; set; }

    [Help("trials that this process trains at the same time")]
    public int Workers { get; set; } = 1;

    [Help("port that silos talk on; one of its own for each process on a machine")]
    public int SiloPort { get; set; } = 11111;

    [Help("port for clients")]
    public int GatewayPort { get; set; } = 30000;

    [Help("this is a pod of Kubernetes: the silo is named, found and given up as its pod is; needs --redis")]
    public bool Kubernetes { get; set; }

    [Help("port of Orleans' dashboard, for this machine only; without it there is none")]
    public int? DashboardPort { get; set; }

    [Help("trials of the search")]
    public int Trials { get; set; } = 24;

    [Help("sequences per trial")]
    public int Sequences { get; set; } = 16_000;
}
