using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.NTM.Sweeping;
using Orleans.Storage;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>
/// Hosts a <see cref="SweepMachine"/>: Orleans lets one call in at a time, and what a call changed is in the storage before its answer goes
/// out, so that another silo can take the sweep up where it was.
/// </summary>
internal sealed class SweepGrain(
    [FromKeyedServices(ClusterSweep.StorageName)] IGrainStorage storage, IEnumerable<ClusterSweep> sweeps, TimeProvider time,
        ILogger<SweepGrain> log)
    : Grain, ISweepGrain
{
    private SweepStore _store = null!;
    private SweepMachine _machine = null!;
    private LeaseWatch _leases = null!;
    private ClusterSweep _sweep = null!;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string name = this.GetPrimaryKeyString();
        ClusterSweep sweep = sweeps.FirstOrDefault(one => one.Name == name)
            ?? throw new InvalidOperationException(
                $"This silo knows no sweep '{name}'; it knows [{string.Join(", ", sweeps.Select(one => one.Name))}].");
        _sweep = sweep;
        _store = await SweepStore.OpenAsync(storage, this.GetGrainId(), sweep.Identity);
        _machine = new SweepMachine(sweep.Plan, _store.Trials);
        log.LogInformation(
            "Process {Process} holds the sweep {Sweep} with {Trials} trials.", Environment.ProcessId, name, _machine.Trials.Count);
        _leases = new LeaseWatch(_machine, Now);
        TimeSpan look = LeaseWatch.IntervalOf(sweep.Plan);
        this.RegisterGrainTimer(ExpireAsync, new GrainTimerCreationOptions(look, look) { KeepAlive = !_machine.IsDone });
    }

    /// <inheritdoc/>
    public async Task<SweepAssignment> Ask(string worker)
    {
        _leases.Look(Now);
        await _store.BeginAsync(Now);
        if (TimeLeft() is TimeSpan left)
        {
            if (left <= TimeSpan.Zero)
                return new SweepAssignment { IsDone = true };
            if (_machine.Plan.Repeats > 0 && left <= LocalSweep.RepeatShare * _sweep.TimeBudget)
                _machine.EndSearch();
        }
        Suggestion suggestion = _machine.Suggest(worker, Now);
        while (suggestion.Kind == SuggestionKind.Refused)
            suggestion = _machine.Suggest(worker, Now);
        await SaveAsync();
        return suggestion.Trial is not { } trial ? new SweepAssignment { IsDone = suggestion.Kind == SuggestionKind.Done }
            : new SweepAssignment
            {
                Trial = trial.Number,
                Attempt = trial.Attempt,
                Repeat = trial.Repeat,
                Point = trial.Point,
                TimeLeft = TimeLeft(),
            };
    }

    /// <inheritdoc/>
    public async Task<bool> Report(int trial, int attempt, int part, double loss)
    {
        bool goesOn = _machine.Report(trial, attempt, part, loss, Now);
        await SaveAsync();
        return goesOn;
    }

    // Renewals need not be written: a grain that is activated anew gives every worker as long again.
    /// <inheritdoc/>
    public Task<bool> Renew(int trial, int attempt) => Task.FromResult(_machine.Lease(trial, attempt, Now));

    /// <inheritdoc/>
    public async Task<bool> Complete(int trial, int attempt, double objective, double seconds)
    {
        bool taken = _machine.Complete(trial, attempt, objective, seconds);
        await SaveAsync();
        if (taken)
            _sweep.Folder.RemoveModels(_machine.Plan, _machine.Trials);
        return taken;
    }

    /// <inheritdoc/>
    public async Task<bool> Fail(int trial, int attempt, string error, double seconds)
    {
        bool taken = _machine.Fail(trial, attempt, error, seconds);
        await SaveAsync();
        return taken;
    }

    /// <inheritdoc/>
    public Task GiveBack(int trial, int attempt)
    {
        if (_machine.Lease(trial, attempt, Now))
            _machine.Abandon(trial);
        return SaveAsync();
    }

    /// <inheritdoc/>
    public Task<SweepSnapshot> Look() =>
        Task.FromResult(new SweepSnapshot { Trials = SweepState.Write(_machine.Trials), IsDone = _machine.IsDone || TimeIsUp() });

    // Those under way end by themselves when the time is up, or are given up when their leases run out.
    private bool TimeIsUp() =>
        TimeLeft() <= TimeSpan.Zero && _machine.Trials.All(trial => trial.Status != SweepTrialStatus.Running);

    private TimeSpan? TimeLeft() => _sweep.TimeBudget is TimeSpan budget && _store.Begun is long begun
        ? budget - TimeSpan.FromMilliseconds(Now - begun) : null;

    private Task ExpireAsync(CancellationToken cancellation)
    {
        _leases.Look(Now);
        return SaveAsync();
    }

    // What could not be written is tried again with the next event.
    private async Task SaveAsync()
    {
        await _store.SaveAsync(_machine.Trials, _machine.Changed);
        _machine.Changed.Clear();
    }
}
