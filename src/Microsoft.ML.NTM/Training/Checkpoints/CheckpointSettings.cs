namespace Microsoft.ML.NTM.Training;

/// <summary>Where and how often a training's progress is saved.</summary>
internal sealed record CheckpointSettings
{
    /// <summary>The folder; made if it is not there. One training at a time may use it.</summary>
    public required string Folder { get; init; }

    /// <summary>Iterations from checkpoint to checkpoint. One more is written when training ends by itself.</summary>
    public int Interval { get; init; } = 1000;

    /// <summary>Whether to go on from a checkpoint that is there already; else it is overwritten.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>Names what must not change between runs besides sizes and optimizer (the specs, seed, data options); a checkpoint with another is refused.</summary>
    public string Fingerprint { get; init; } = "";
}
