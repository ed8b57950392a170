using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>A point of a training: how far it was and how good.</summary>
/// <param name="Resource">Parts of the whole training, 1 to <see cref="SweepPlan.WholeTraining"/>.</param>
/// <param name="Loss">The validation loss there; infinite where it was no number.</param>
internal readonly record struct CurvePoint(int Resource, double Loss);

/// <summary>All that a sweep knows of a trial. The records are the whole state of a <see cref="SweepMachine"/>.</summary>
internal sealed class TrialRecord
{
    /// <summary>Its number, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>One Double per parameter, NaN where it has no value.</summary>
    public required double[] Point { get; init; }

    /// <summary>Which seed: 0 in the search, 1, 2 ... where a trial is made again.</summary>
    public int Repeat { get; init; }

    /// <summary>The trial that this one makes again, or null.</summary>
    public int? RepeatOf { get; init; }

    /// <summary>What became of it.</summary>
    public SweepTrialStatus Status { get; set; } = SweepTrialStatus.Running;

    /// <summary>How often it was begun: a worker that was given an earlier attempt has lost it.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Who has it.</summary>
    public string Worker { get; set; } = "";

    /// <summary>When its worker counts as lost, on the host's clock; <see cref="long.MaxValue"/>: never.</summary>
    public long LeasedUntil { get; set; } = long.MaxValue;

    /// <summary>What was reported, in order.</summary>
    public List<CurvePoint> Curve { get; init; } = [];

    /// <summary>The metric, the lower the better whatever the user's metric; null before the end.</summary>
    public double? Objective { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Time it took; for information only, nothing depends on it.</summary>
    public double Seconds { get; set; }

    /// <summary>Whether it is part of the search, not a repetition.</summary>
    [JsonIgnore]
    public bool IsSearch => RepeatOf is null;

    /// <summary>Whether nothing more will come of it.</summary>
    [JsonIgnore]
    public bool IsOver => Status is SweepTrialStatus.Completed or SweepTrialStatus.Pruned or SweepTrialStatus.Failed;

    /// <summary>Whether the model may be the sweep's result: measured, and the measure a number.</summary>
    [JsonIgnore]
    public bool Counts => Status == SweepTrialStatus.Completed && Objective is double objective && double.IsFinite(objective);

    /// <summary>How far it has come.</summary>
    [JsonIgnore]
    public int Resource => Curve.Count > 0 ? Curve[^1].Resource : 0;

    /// <summary>The best loss up to the first report at or after <paramref name="resource"/>; null if it has not come so far.</summary>
    public double? LossAt(int resource)
    {
        double best = double.PositiveInfinity;
        foreach (CurvePoint point in Curve)
        {
            best = Math.Min(best, point.Loss);
            if (point.Resource >= resource)
                return best;
        }
        // A training that ended of itself would not have become better.
        return Status == SweepTrialStatus.Completed && Curve.Count > 0 ? best : null;
    }
}
