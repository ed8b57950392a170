using System.Diagnostics;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// Hosts a <see cref="SweepMachine"/> in this process: some threads that ask it for trials, train and report. Every event goes into the
/// journal before its consequences are acted on.
/// </summary>
internal sealed class LocalSweep(SweepMachine machine, Func<TrialWork, TrialResult> train, LocalSweepSettings settings)
{
    // Share of the time budget that is kept for making the best again.
    internal const double RepeatShare = 0.25;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<int, ITransformer> _models = [];
    private Exception? _fault;
    private int _waiting;

    /// <summary>The models that may still be wanted, by trial; with a journal they are on disk.</summary>
    public IReadOnlyDictionary<int, ITransformer> Models => _models;

    /// <summary>Time since the host was made.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Runs the sweep until it is done, the time is up, or somebody stops it.</summary>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public void Run()
    {
        // A trial that was under way when the process before ended has no worker any more.
        foreach (TrialRecord trial in machine.Trials)
            machine.Abandon(trial.Number);
        settings.Journal?.Folder.RemoveModels(machine.Plan, machine.Trials);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(settings.StoppingToken);
        using CancellationTokenSource searchOver = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        using CancellationTokenRegistration registration = searchOver.Token.Register(EndSearch);
        if (settings.TimeBudget is TimeSpan budget)
        {
            stop.CancelAfter(budget);
            searchOver.CancelAfter(machine.Plan.Repeats > 0 ? (1 - RepeatShare) * budget : budget);
        }
        Thread[] workers = [.. Enumerable.Range(0, settings.Workers)
            .Select(i => new Thread(() => Work($"worker {i}", stop)) { Name = $"Sweep worker {i}", IsBackground = true })];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        if (_fault is OperationCanceledException cancelled)
            throw new OperationCanceledException(cancelled.Message, cancelled);
        if (_fault is not null)
            throw new InvalidOperationException($"The sweep could not go on: {_fault.Message}", _fault);
        Tell(isOver: true);
    }

    private void EndSearch()
    {
        lock (_lock)
            machine.EndSearch();
        WakeAll();
    }

    // Whatever goes wrong outside a trial (the disk of the journal, a listener) or cancels everything ends the sweep.
    private void Work(string name, CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                (SuggestionKind kind, TrialRecord? trial, int attempt) = Ask(name);
                if (kind == SuggestionKind.Done)
                    break;
                if (kind == SuggestionKind.Wait)
                    _changed.Wait();
                else
                    Train(trial!, attempt, stop.Token);
            }
        }
        catch (Exception fault)
        {
            lock (_lock)
                _fault ??= fault;
            stop.Cancel();
        }
        WakeAll();
    }

    private (SuggestionKind, TrialRecord?, int) Ask(string name)
    {
        lock (_lock)
        {
            Suggestion suggestion = machine.Suggest(name);
            while (suggestion is { Kind: SuggestionKind.Refused, Trial: { } refused })
            {
                settings.Journal?.Begin(refused);
                settings.Journal?.Fail(refused);
                Tell();
                suggestion = machine.Suggest(name);
            }
            if (suggestion.Trial is { } trial)
            {
                settings.Journal?.Begin(trial);
                Tell();
            }
            else if (suggestion.Kind == SuggestionKind.Wait)
                _waiting++;
            return (suggestion.Kind, suggestion.Trial, suggestion.Trial?.Attempt ?? 0);
        }
    }

    private void Train(TrialRecord trial, int attempt, CancellationToken stopAll)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stopAll);
        long start = Stopwatch.GetTimestamp();
        var work = new TrialWork
        {
            Number = trial.Number,
            Values = machine.Plan.Space.ValuesOf(trial.Point),
            Seed = unchecked(machine.Plan.Seed + trial.Repeat),
            WholeTraining = machine.Plan.WholeTraining,
            Threads = settings.Workers > 1 ? 1 : null,
            CheckpointFolder = settings.Journal?.Folder.CheckpointsOf(trial.Number),
            Stop = stop.Token,
            Report = (resource, loss) => Report(trial, attempt, resource, loss, start, stop),
        };
        TrialResult result;
        double objective;
        try
        {
            result = train(work);
            objective = trial.Status == SweepTrialStatus.Running ? result.Objective() : double.NaN;
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !HostFaultException.Is(fault))
        {
            (fault as TrainingInterruptedException)?.Model.Dispose();
            End(trial, () =>
            {
                if (machine.Fail(trial.Number, attempt, Describe(fault), Stopwatch.GetElapsedTime(start).TotalSeconds))
                    settings.Journal?.Fail(trial);
            });
            return;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A pipeline that throws when it is stopped: pruned it is over all the same; else it is left for when the sweep goes on.
            End(trial, () => { });
            return;
        }
        if (trial.Status == SweepTrialStatus.Running)
            settings.Journal?.Folder.SaveModel(trial.Number, result.Model);
        End(trial, () =>
        {
            if (machine.Complete(trial.Number, attempt, objective, Stopwatch.GetElapsedTime(start).TotalSeconds))
            {
                settings.Journal?.Complete(trial);
                Keep(trial, result.Model);
            }
            else
                (result.Model as IDisposable)?.Dispose();
        });
    }

    private void Report(TrialRecord trial, int attempt, int resource, double loss, long start, CancellationTokenSource stop)
    {
        settings.ThrowIfCancelled?.Invoke();
        lock (_lock)
        {
            int before = trial.Resource;
            if (!machine.Report(trial.Number, attempt, resource, loss))
                stop.Cancel();
            if (trial.Resource == before)
                return;
            trial.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            HostFaultException.Guard(() =>
            {
                settings.Journal?.Report(trial);
                Tell();
            });
        }
    }

    private void End(TrialRecord trial, Action end)
    {
        lock (_lock)
        {
            end();
            Tell();
        }
        if (trial.IsOver)
            settings.Journal?.Folder.RemoveCheckpoints(trial.Number);
        WakeAll();
    }

    // Models that can still win stay: the best of the search, and what was made again.
    private void Keep(TrialRecord trial, ITransformer model)
    {
        if (settings.Journal is not null)
        {
            (model as IDisposable)?.Dispose();
            settings.Journal.Folder.RemoveModels(machine.Plan, machine.Trials);
            return;
        }
        _models[trial.Number] = model;
        HashSet<int> wanted = Contenders.Of(machine.Plan, machine.Trials);
        foreach (int number in _models.Keys.Where(number => !wanted.Contains(number)).ToArray())
        {
            (_models[number] as IDisposable)?.Dispose();
            _models.Remove(number);
        }
    }

    private void Tell(bool isOver = false) => settings.Tell?.Invoke(machine, isOver);

    private void WakeAll()
    {
        lock (_lock)
        {
            if (_waiting > 0)
                _changed.Release(_waiting);
            _waiting = 0;
        }
    }

    private static string Describe(Exception fault) => fault.Message.Length <= 500 ? fault.Message : fault.Message[..500] + " ...";
}

/// <summary>What a <see cref="LocalSweep"/> runs with.</summary>
internal sealed record LocalSweepSettings
{
    /// <summary>Threads that train.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Time after which trials are stopped and measured.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Stops as the time budget does.</summary>
    public CancellationToken StoppingToken { get; init; }

    /// <summary>Where events and models go, or null.</summary>
    public SweepJournal? Journal { get; init; }

    /// <summary>Throws <see cref="OperationCanceledException"/> once all is to end at once.</summary>
    public Action? ThrowIfCancelled { get; init; }

    /// <summary>Told after every event, one at a time, and at the end.</summary>
    public Action<SweepMachine, bool>? Tell { get; init; }
}

/// <summary>A fault of the host that came up inside a training, which is not the trial's failure.</summary>
internal sealed class HostFaultException(Exception inner) : Exception(inner.Message, inner)
{
    /// <summary>Whether a training ended because of the host.</summary>
    public static bool Is(Exception fault) => fault is HostFaultException || fault.InnerException is HostFaultException;

    /// <summary>Marks what <paramref name="action"/> throws as the host's.</summary>
    public static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new HostFaultException(fault);
        }
    }
}
