
namespace Microsoft.ML.NTM.Sweeps;

/// <summary>
/// A sweep that its workers talk to; its key is the sweep's name. It decides, keeps its state, and trains nothing itself.
/// </summary>
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>A worker asks for a trial, and has it until its lease runs out.</summary>
    /// <param name="worker">Who asks.</param>
    Task<SweepAssignment> Ask(string worker);

    /// <summary>A trial has come so far; also renews its lease.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt that was assigned.</param>
    /// <param name="part">Parts of the whole training made.</param>
    /// <param name="loss">The validation loss there.</param>
    /// <returns>Whether to go on; false: the trial is stopped early, or another worker has it.</returns>
    Task<bool> Report(int trial, int attempt, int part, double loss);

    /// <summary>A worker still has its trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt that was assigned.</param>
    /// <returns>False: another worker has it.</returns>
    Task<bool> Renew(int trial, int attempt);

    /// <summary>A trial was trained to its end; its model is in the sweep's folder.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt that was assigned.</param>
    /// <param name="objective">What the model was judged by, turned so that lower is better.</param>
    /// <param name="seconds">Time it took.</param>
    /// <returns>False: another worker has it, and the result is not taken.</returns>
    Task<bool> Complete(int trial, int attempt, double objective, double seconds);

    /// <summary>A trial cannot be trained.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt that was assigned.</param>
    /// <param name="error">Why.</param>
    /// <param name="seconds">Time it took.</param>
    /// <returns>False: another worker has it.</returns>
    Task<bool> Fail(int trial, int attempt, string error, double seconds);

    /// <summary>A worker gives its trial back, for another to go on with.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt that was assigned.</param>
    Task GiveBack(int trial, int attempt);

    /// <summary>All that the sweep knows.</summary>
    Task<SweepSnapshot> Look();
}

/// <summary>What a worker is to do.</summary>
[GenerateSerializer]
[Immutable]
public sealed record SweepAssignment
{
    /// <summary>Whether there is nothing left to do, ever.</summary>
    [Id(0)]
    public bool IsDone { get; init; }

    /// <summary>The trial; null: none for now, ask again later.</summary>
    [Id(1)]
    public int? Trial { get; init; }

    /// <summary>Which attempt at it.</summary>
    [Id(2)]
    public int Attempt { get; init; }

    /// <summary>Which seed: 0 in the search, 1 and up where it is made again.</summary>
    [Id(3)]
    public int Repeat { get; init; }

    /// <summary>Its settings, one number per parameter of the space; NaN where one has no value.</summary>
    [Id(4)]
    public IReadOnlyList<double> Point { get; init; } = [];

    /// <summary>After what time it is to be ended as it is and measured; null: the sweep has no time budget.</summary>
    [Id(5)]
    public TimeSpan? TimeLeft { get; init; }
}

/// <summary>A sweep at one moment.</summary>
[GenerateSerializer]
[Immutable]
public sealed record SweepSnapshot
{
    /// <summary>All trials, as JSON.</summary>
    [Id(0)]
    public string Trials { get; init; } = "[]";

    /// <summary>Whether nothing is left to do.</summary>
    [Id(1)]
    public bool IsDone { get; init; }
}
