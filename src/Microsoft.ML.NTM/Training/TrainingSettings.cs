using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

/// <summary>How a network is trained. Defaults are the papers' (arXiv:1410.5401, section 4.6).</summary>
internal sealed record TrainingSettings
{
    /// <summary>Batches, and so parameter updates, at most.</summary>
    public long NumberOfIterations { get; init; } = 10_000;

    /// <summary>The learning rate that <see cref="Schedule"/> multiplies.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The optimizer.</summary>
    public OptimizerSettings Optimizer { get; init; } = new();

    /// <summary>Bounds on the gradient.</summary>
    public GradientClip Clip { get; init; } = new();

    /// <summary>Iterations from report to report.</summary>
    public int ReportInterval { get; init; } = 100;

    /// <summary>Time after which training stops with what it has; null: none. A resumed training's earlier part does not count.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Loss per sequence at which training ends: the validation loss, or without validation the last report's; null: none.
    /// </summary>
    public double? TargetLoss { get; init; }

    /// <summary>When validation is done and what follows from it; used if the loop is given a validation loss.</summary>
    public ValidationSettings Validation { get; init; } = new();

    /// <summary>Whether a validation without improvement halves the learning rate.</summary>
    public bool HalvesOnPlateau { get; init; }

    /// <summary>What is done about losses and gradients that are not finite.</summary>
    public GuardSettings Guard { get; init; } = new();

    /// <summary>Where progress is saved; null: nowhere.</summary>
    public CheckpointSettings? Checkpoints { get; init; }

    /// <summary>One sentence per fault; empty where the settings are sound.</summary>
    internal IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. Optimizer.Faults(), .. Clip.Faults(), .. Validation.Faults(), .. Guard.Faults()];
        if (NumberOfIterations < 1)
            faults.Add($"NumberOfIterations must be at least 1; it is {NumberOfIterations}.");
        if (LearningRate is not (> 0 and <= 1000))
            faults.Add($"LearningRate must be above 0 and at most 1000; it is {LearningRate}.");
        if (ReportInterval < 1)
            faults.Add($"ReportInterval must be at least 1; it is {ReportInterval}.");
        if (TimeBudget is TimeSpan budget && budget <= TimeSpan.Zero)
            faults.Add($"TimeBudget must be above 0; it is {budget}.");
        if (Checkpoints is { Interval: < 1 })
            faults.Add($"The interval between checkpoints must be at least 1; it is {Checkpoints.Interval}.");
        if (TargetLoss is double target && !double.IsFinite(target))
            faults.Add($"TargetLoss must be a finite number; it is {target}.");
        return faults;
    }
}

/// <summary>When a model is validated and when it is good enough.</summary>
internal sealed record ValidationSettings
{
    /// <summary>Iterations from validation to validation.</summary>
    public int Interval { get; init; } = 500;

    /// <summary>Validations without improvement after which training stops; null: never. The best weights are kept either way.</summary>
    public int? Patience { get; init; }

    /// <summary>A loss counts as better if it is lower by more than this.</summary>
    public double MinImprovement { get; init; }

    /// <summary>One sentence per fault; empty where the settings are sound.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Interval < 1)
            yield return $"The interval between validations must be at least 1; it is {Interval}.";
        if (Patience < 1)
            yield return $"Patience must be at least 1 validation; it is {Patience}.";
        if (MinImprovement is not (>= 0 and < double.PositiveInfinity))
            yield return $"MinImprovement must be 0 or a positive number; it is {MinImprovement}.";
    }
}

/// <summary>What is done about losses and gradients that are not finite.</summary>
internal sealed record GuardSettings
{
    /// <summary>Good steps from one snapshot of the weights to the next.</summary>
    public int SnapshotInterval { get; init; } = 100;

    /// <summary>Skipped steps in a row after which training goes back to good weights.</summary>
    public int Tolerance { get; init; } = 3;

    /// <summary>What the learning rate is multiplied by when training goes back.</summary>
    public double RateFactor { get; init; } = 0.5;

    /// <summary>How often training may go back, without a stretch of good steps in between, before it gives up.</summary>
    public int MaxRollbacks { get; init; } = 6;

    /// <summary>One sentence per fault; empty where the settings are sound.</summary>
    internal IEnumerable<string> Faults()
    {
        if (SnapshotInterval < 1)
            yield return $"The interval between snapshots must be at least 1; it is {SnapshotInterval}.";
        if (Tolerance < 1)
            yield return $"The tolerated skipped steps must be at least 1; they are {Tolerance}.";
        if (RateFactor is not (> 0 and <= 1))
            yield return $"The rate factor after a fault must be above 0 and at most 1; it is {RateFactor}.";
        if (MaxRollbacks < 0)
            yield return $"The number of rollbacks must be at least 0; it is {MaxRollbacks}.";
    }
}
