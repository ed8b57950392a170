namespace Microsoft.ML.NTM;

/// <summary>How far a sweep is.</summary>
public sealed record SweepProgress
{
    /// <summary>All trials so far, by number.</summary>
    public required IReadOnlyList<SweepTrial> Trials { get; init; }

    /// <summary>The best trial that was measured, or null before the first.</summary>
    public SweepTrial? Best { get; init; }

    /// <summary>What <see cref="SweepTrial.Metric"/> is.</summary>
    public required string MetricName { get; init; }

    /// <summary>Which way <see cref="SweepTrial.Metric"/> is better.</summary>
    public required bool HigherIsBetter { get; init; }

    /// <summary>Trials that the search will have.</summary>
    public required int NumberOfTrials { get; init; }

    /// <summary>Time since this run of the sweep began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether the sweep is over.</summary>
    public required bool IsOver { get; init; }

    /// <summary>What is varied, in the order of the report's columns.</summary>
    public required SweepSpace Space { get; init; }
}
