namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>Where and how often a training's progress is saved.</summary>
internal sealed record CheckpointSettings
{
    /// <summary>The training's place. It is the caller's to dispose of.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>
    /// Iterations from checkpoint to checkpoint. One more is written before the first and one when training ends by itself.
    /// </summary>
    public int Interval { get; init; } = 1000;
}
