using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>What the grain keeps in its storage.</summary>
[GenerateSerializer]
internal sealed class SweepGrainState
{
    /// <summary>All trials, as JSON; null before the first.</summary>
    [Id(0)]
    public string? Trials { get; set; }

    /// <summary>Which sweep it is, as JSON.</summary>
    [Id(1)]
    public string? Sweep { get; set; }

    /// <summary>When the first trial was asked for, in milliseconds of Unix time; null before.</summary>
    [Id(2)]
    public long? Begun { get; set; }
}

/// <summary>
/// Hosts a <see cref="SweepMachine"/>: Orleans lets one call in at a time, and what a call changed is in the storage before its answer goes
/// out, so that another silo can take the sweep up where it was.
/// </summary>
internal sealed class SweepGrain(
    [PersistentState("sweep", ClusterSweep.StorageName)] IPersistentState<SweepGrainState> state, IEnumerable<ClusterSweep> sweeps,
        TimeProvider time, ILogger<SweepGrain> log)
    : Grain, ISweepGrain
{
    private SweepMachine _machine = null!;
    private LeaseWatch _leases = null!;
    private ClusterSweep _sweep = null!;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string name = this.GetPrimaryKeyString();
        ClusterSweep sweep = sweeps.FirstOrDefault(one => one.Name == name)
            ?? throw new InvalidOperationException(
                $"This silo knows no sweep '{name}'; it knows [{string.Join(", ", sweeps.Select(one => one.Name))}].");
        if (state.State.Sweep is { } kept && kept != sweep.Identity)
        {
            throw new InvalidOperationException($"The sweep '{name}' in the storage is another one; give this one another name. "
                + $"There: {Short(kept)} Here: {Short(sweep.Identity)}");
        }
        _sweep = sweep;
        state.State.Sweep = sweep.Identity;
        _machine = new SweepMachine(sweep.Plan, state.State.Trials is { } trials ? SweepState.Read(trials) : null);
        log.LogInformation(
            "Process {Process} holds the sweep {Sweep} with {Trials} trials.", Environment.ProcessId, name, _machine.Trials.Count);
        _leases = new LeaseWatch(_machine, Now);
        TimeSpan look = LeaseWatch.IntervalOf(sweep.Plan);
        this.RegisterGrainTimer(ExpireAsync, new GrainTimerCreationOptions(look, look) { KeepAlive = !_machine.IsDone });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<SweepAssignment> Ask(string worker)
    {
        _leases.Look(Now);
        state.State.Begun ??= Now;
        if (TimeLeft() is TimeSpan left)
        {
            if (left <= TimeSpan.Zero)
                return new SweepAssignment { IsDone = true };
            if (_machine.Plan.Repeats > 0 && left <= LocalSweep.RepeatShare * _sweep.TimeBudget)
                _machine.EndSearch();
        }
        Suggestion suggestion = _machine.Suggest(worker, Now);
        bool refused = suggestion.Kind == SuggestionKind.Refused;
        while (suggestion.Kind == SuggestionKind.Refused)
            suggestion = _machine.Suggest(worker, Now);
        if (refused || suggestion.Trial is not null)
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
        bool taken = await SaveIfAsync(_machine.Complete(trial, attempt, objective, seconds));
        if (taken)
            _sweep.Folder.RemoveModels(_machine.Plan, _machine.Trials);
        return taken;
    }

    /// <inheritdoc/>
    public Task<bool> Fail(int trial, int attempt, string error, double seconds) =>
        SaveIfAsync(_machine.Fail(trial, attempt, error, seconds));

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

    private TimeSpan? TimeLeft() => _sweep.TimeBudget is TimeSpan budget && state.State.Begun is long begun
        ? budget - TimeSpan.FromMilliseconds(Now - begun) : null;

    private async Task ExpireAsync(CancellationToken cancellation)
    {
        if (_leases.Look(Now) > 0)
            await SaveAsync();
    }

    private async Task<bool> SaveIfAsync(bool changed)
    {
        if (changed)
            await SaveAsync();
        return changed;
    }

    private Task SaveAsync()
    {
        state.State.Trials = SweepState.Write(_machine.Trials);
        return state.WriteStateAsync();
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + " ...";
}

/// <summary>A sweep's trials as text, bit for bit.</summary>
internal static class SweepState
{
    public static string Write(IReadOnlyList<TrialRecord> trials) =>
        JsonSerializer.Serialize([.. trials], JournalJson.Lines.ListTrialRecord);

    public static List<TrialRecord> Read(string trials) => JsonSerializer.Deserialize(trials, JournalJson.Lines.ListTrialRecord) ?? [];
}
