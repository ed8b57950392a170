using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

/// <summary>
/// Workers that train nothing: they report the losses of a function, in an order that a seed decides, and may fail or die.
/// </summary>
internal sealed class Simulation(SweepMachine machine, Func<TrialRecord, int, double> loss, int workers, int seed)
{
    private readonly SeededRandom _random = new(seed, "simulation");
    private readonly (TrialRecord Trial, int Attempt, int Resource)?[] _busy = new (TrialRecord, int, int)?[workers];
    private long _now;

    /// <summary>Chance per step that a worker dies and leaves its trial, and that a trial fails.</summary>
    public double Death { get; init; }

    /// <inheritdoc cref="Death"/>
    public double Failure { get; init; }

    /// <summary>Parts of trainings made, over all trials.</summary>
    public long Work { get; private set; }

    /// <summary>What happened, in order.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Runs until no worker gets anything any more.</summary>
    public void Run()
    {
        for (int steps = 0; Step(); steps++)
            Assert.IsLessThan(1_000_000, steps, "The sweep does not end.");
    }

    /// <summary>One worker does one thing. False once all are told that there is nothing left.</summary>
    public bool Step()
    {
        _now++;
        if (machine.Expire(_now) > 0)
            Events.Add($"expired at {_now}");
        int worker = _random.NextInt(workers);
        if (_busy[worker] is not (TrialRecord trial, int attempt, int resource))
            return Ask(worker);
        Work++;
        resource++;
        if (_random.NextDouble() < Death)
        {
            // Sometimes a dead worker is only slow, and speaks up when another has its trial.
            _busy[worker] = null;
        }
        else if (_random.NextDouble() < Failure)
        {
            Events.Add($"fail {trial.Number} {machine.Fail(trial.Number, attempt, "it failed")}");
            _busy[worker] = null;
        }
        else if (machine.Report(trial.Number, attempt, resource, loss(trial, resource), _now) is bool goesOn
            && resource < machine.Plan.WholeTraining)
        {
            Events.Add($"report {trial.Number} {resource} {goesOn}");
            _busy[worker] = goesOn ? (trial, attempt, resource) : null;
        }
        else
        {
            bool taken = machine.Complete(trial.Number, attempt, loss(trial, resource));
            Events.Add($"complete {trial.Number} {taken}");
            _busy[worker] = null;
        }
        return true;
    }

    private bool Ask(int worker)
    {
        Suggestion suggestion = machine.Suggest($"worker {worker}", _now);
        if (suggestion is { Kind: SuggestionKind.Trial, Trial: { } trial })
        {
            Events.Add($"trial {trial.Number} {string.Join(' ', trial.Point)}");
            _busy[worker] = (trial, trial.Attempt, 0);
        }
        return suggestion.Kind != SuggestionKind.Done;
    }
}
