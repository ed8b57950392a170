using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

/// <summary>A point of a trial's training.</summary>
/// <param name="Share">How much of the whole training was done, above 0 to 1.</param>
/// <param name="Loss">The validation loss there; infinite where it was no number.</param>
public readonly record struct SweepCurvePoint(double Share, double Loss);

/// <summary>A trial of a sweep, as it is at one moment.</summary>
public sealed record SweepTrial
{
    /// <summary>Its number, from 0: the first has the settings that the sweep began with.</summary>
    public required int Number { get; init; }

    /// <summary>Its settings by parameter name; what does not apply to it is not there.</summary>
    public required IReadOnlyDictionary<string, object> Values { get; init; }

    /// <summary>The seed of its training.</summary>
    public required int Seed { get; init; }

    /// <summary>The trial that it makes again with another seed; null: it is one of the search.</summary>
    public int? RepeatOf { get; init; }

    /// <summary>What became of it.</summary>
    public required SweepTrialStatus Status { get; init; }

    /// <summary>What its model was judged by; null if it was not trained to its end.</summary>
    public double? Metric { get; init; }

    /// <summary>Its validation losses.</summary>
    public required IReadOnlyList<SweepCurvePoint> Curve { get; init; }

    /// <summary>What its training costs against the first trial's, estimated from the size of the network.</summary>
    public required double RelativeCost { get; init; }

    /// <summary>Time from its beginning to its end; 0 while it is under way.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    internal static SweepTrial Of(TrialRecord record, SweepPlan plan, SweepMetric? metric) => new()
    {
        Number = record.Number,
        Values = plan.Space.ValuesOf(record.Point),
        Seed = unchecked(plan.Seed + record.Repeat),
        RepeatOf = record.RepeatOf,
        Status = record.Status,
        Metric = metric is { HigherIsBetter: true } ? -record.Objective : record.Objective,
        Curve = [.. record.Curve.Select(point => new SweepCurvePoint((double)point.Resource / plan.WholeTraining, point.Loss))],
        RelativeCost = plan.RelativeCost(record.Point),
        Elapsed = TimeSpan.FromSeconds(record.Seconds),
        Error = record.Error,
    };
}
