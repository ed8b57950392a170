using System.Globalization;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What a worker that asks for a trial is told.</summary>
internal enum SuggestionKind
{
    /// <summary>Here is one.</summary>
    Trial,

    /// <summary>This one does not fit into the memory budget and is over before it began; ask again.</summary>
    Refused,

    /// <summary>None yet; ask again once another has ended.</summary>
    Wait,

    /// <summary>There will be none.</summary>
    Done,
}

/// <summary>An answer to a worker that asks for a trial; the trial only where there is one.</summary>
internal readonly record struct Suggestion(SuggestionKind Kind, TrialRecord? Trial);

/// <summary>
/// A sweep as a pure state machine: events in, decisions out. It has no clock, file, thread or network; a host brings those. What it says
/// follows from the plan and the order of events alone, and its state is <see cref="Trials"/> and <see cref="SearchEnded"/>, so that it can
/// be kept anywhere and taken up again. Not thread-safe: its host lets one event in at a time.
/// </summary>
internal sealed class SweepMachine
{
    private const double MiB = 1 << 20;

    private readonly List<TrialRecord> _trials;

    // Those that are not over, by number, and all points: what would be looked for in all trials again and again.
    private readonly List<TrialRecord> _open;
    private readonly HashSet<double[]> _points = new(new SamePoint());
    private readonly SuccessiveHalving _halving;
    private readonly ISampler _sampler;
    private int _searched;

    /// <summary>A sweep that begins, or goes on from the state kept before.</summary>
    public SweepMachine(SweepPlan plan, IEnumerable<TrialRecord>? trials = null, bool searchEnded = false)
    {
        Plan = plan;
        _trials = [.. trials ?? []];
        _open = [.. _trials.Where(trial => !trial.IsOver)];
        _points.UnionWith(_trials.Select(trial => trial.Point));
        SearchEnded = searchEnded;
        _halving = new SuccessiveHalving(plan.ReductionFactor, plan.Rungs);
        _sampler = plan.Sampler == SweepSampler.Parzen ? new ParzenSampler(plan) : new RandomSampler(plan);
        foreach (TrialRecord trial in _trials.Where(trial => trial.IsSearch))
        {
            _searched++;
            for (int rung = 0; rung < _halving.Rungs; rung++)
            {
                if (trial.LossAt(_halving.ResourceOf(rung)) is double loss)
                    _halving.Add(rung, loss);
            }
        }
    }

    /// <summary>What it is to do.</summary>
    public SweepPlan Plan { get; }

    /// <summary>All trials so far, by number.</summary>
    public IReadOnlyList<TrialRecord> Trials => _trials;

    /// <summary>The trials that changed since the host last emptied this; what only leases say is left out.</summary>
    public SortedSet<int> Changed { get; } = [];

    /// <summary>Whether the search draws nothing new any more.</summary>
    public bool SearchEnded { get; private set; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsDone => _open.Count == 0 && !MoreToSearch && NextRepeat() is null;

    private bool MoreToSearch => !SearchEnded && _searched < Plan.Trials;

    /// <summary>A worker asks for work.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="now">The host's clock, for the lease.</param>
    public Suggestion Suggest(string worker, long now = 0)
    {
        if (_open.Find(trial => trial.Status == SweepTrialStatus.Waiting && MayBegin(trial.Point, worker)) is { } lost)
        {
            lost.Attempt++;
            return Give(lost, worker, now);
        }
        if (MoreToSearch)
        {
            // A space may be used up before the trials are.
            if (NextPoint() is double[] point)
            {
                if (!MayBegin(point, worker))
                    return new(SuggestionKind.Wait, null);
                _searched++;
                return Give(Add(new TrialRecord { Number = _trials.Count, Point = point }), worker, now);
            }
            SearchEnded = true;
        }
        if (!_open.Exists(trial => trial.IsSearch) && NextRepeat() is { } repeat && MayBegin(repeat.Point, worker))
            return Give(Add(repeat), worker, now);
        return new(_open.Count > 0 ? SuggestionKind.Wait : SuggestionKind.Done, null);
    }

    /// <summary>A trial has come so far. The report also renews its lease.</summary>
    /// <param name="number">The trial.</param>
    /// <param name="attempt">Which attempt at it.</param>
    /// <param name="resource">Parts of the whole training made, 1 to <see cref="SweepPlan.WholeTraining"/>.</param>
    /// <param name="loss">The validation loss.</param>
    /// <param name="now">The host's clock.</param>
    /// <returns>Whether to go on; false: the trial is pruned, or another worker has it.</returns>
    /// <remarks>A part that was reported before, by a worker that began again, says nothing new.</remarks>
    public bool Report(int number, int attempt, int resource, double loss, long now = 0)
    {
        if (Owned(number, attempt) is not { } trial)
            return false;
        Renew(trial, now);
        int before = trial.Resource;
        if (resource <= before)
            return true;
        Changed.Add(number);
        trial.Curve.Add(new CurvePoint(resource, double.IsFinite(loss) ? loss : double.PositiveInfinity));
        if (!trial.IsSearch)
            return true;
        bool goesOn = true;
        for (int rung = 0; rung < _halving.Rungs; rung++)
        {
            int at = _halving.ResourceOf(rung);
            if (at <= before || at > resource)
                continue;
            double best = trial.LossAt(at)!.Value;
            _halving.Add(rung, best);
            goesOn = _halving.GoesOn(rung, best);
        }
        // The start is what all others are compared with, so it is always trained to its end.
        if (!goesOn && number > 0)
            End(trial, SweepTrialStatus.Pruned);
        return trial.Status == SweepTrialStatus.Running;
    }

    /// <summary>A trial was trained to its end and measured.</summary>
    /// <param name="number">The trial.</param>
    /// <param name="attempt">Which attempt at it.</param>
    /// <param name="objective">The measure, the lower the better.</param>
    /// <param name="seconds">Time it took.</param>
    /// <returns>False: another worker has it, and the result is not taken.</returns>
    public bool Complete(int number, int attempt, double objective, double seconds = 0)
    {
        if (Owned(number, attempt) is not { } trial)
            return false;
        int reached = trial.Resource;
        End(trial, SweepTrialStatus.Completed);
        trial.Objective = double.IsFinite(objective) ? objective : double.PositiveInfinity;
        trial.Seconds = seconds;
        for (int rung = 0; trial.IsSearch && rung < _halving.Rungs; rung++)
        {
            if (_halving.ResourceOf(rung) > reached && trial.LossAt(_halving.ResourceOf(rung)) is double loss)
                _halving.Add(rung, loss);
        }
        return true;
    }

    /// <summary>A trial cannot be trained.</summary>
    /// <returns>False: another worker has it.</returns>
    public bool Fail(int number, int attempt, string error, double seconds = 0)
    {
        if (Owned(number, attempt) is not { } trial)
            return false;
        End(trial, SweepTrialStatus.Failed);
        (trial.Error, trial.Seconds) = (error, seconds);
        return true;
    }

    /// <summary>A worker is still there.</summary>
    /// <returns>Whether the trial is still its own.</returns>
    public bool Lease(int number, int attempt, long now)
    {
        if (Owned(number, attempt) is not { } trial)
            return false;
        Renew(trial, now);
        return true;
    }

    /// <summary>Takes their trials from workers that have not been heard of for too long.</summary>
    /// <returns>How many.</returns>
    public int Expire(long now)
    {
        if (!_open.Exists(HasRunOut))
            return 0;
        TrialRecord[] lost = [.. _open.Where(HasRunOut)];
        foreach (TrialRecord trial in lost)
            Lose(trial);
        return lost.Length;

        bool HasRunOut(TrialRecord trial) => trial.Status == SweepTrialStatus.Running && trial.LeasedUntil <= now;
    }

    /// <summary>A worker is known to be gone, or gives its trial back.</summary>
    public void Abandon(int number)
    {
        if (_trials[number].Status == SweepTrialStatus.Running)
            Lose(_trials[number]);
    }

    /// <summary>
    /// The host was away and heard of nobody, so that silence says nothing: every worker has its trial for as long again.
    /// </summary>
    public void RenewAll(long now)
    {
        foreach (TrialRecord trial in _open.Where(trial => trial.Status == SweepTrialStatus.Running))
            Renew(trial, now);
    }

    /// <summary>Draws nothing new from now on.</summary>
    public void EndSearch() => SearchEnded = true;

    private void Lose(TrialRecord trial)
    {
        trial.Status = SweepTrialStatus.Waiting;
        Changed.Add(trial.Number);
        if (trial.Attempt < Plan.MaxAttempts)
            return;
        End(trial, SweepTrialStatus.Failed);
        trial.Error = $"Its worker was lost {trial.Attempt} times.";
    }

    private TrialRecord Add(TrialRecord trial)
    {
        _trials.Add(trial);
        _open.Add(trial);
        _points.Add(trial.Point);
        return trial;
    }

    private void End(TrialRecord trial, SweepTrialStatus how)
    {
        trial.Status = how;
        Changed.Add(trial.Number);
        _open.Remove(trial);
    }

    // What never fits need not wait for others: it is given out, and refused in the same breath.
    private bool MayBegin(double[] point, string worker) => !Plan.Fits(point)
        || _open.Where(trial => trial.Status == SweepTrialStatus.Running && PlaceOf(trial.Worker) == PlaceOf(worker))
            .Sum(trial => Plan.MemoryOf(trial.Point)) <= Plan.MemoryBudget - Plan.MemoryOf(point);

    // Workers that share their memory: those whose names are the same up to the last slash.
    private static string PlaceOf(string worker) => worker[..Math.Max(0, worker.LastIndexOf('/'))];

    private Suggestion Give(TrialRecord trial, string worker, long now)
    {
        if (!Plan.Fits(trial.Point))
        {
            End(trial, SweepTrialStatus.Failed);
            trial.Error = string.Create(CultureInfo.InvariantCulture, $"Not begun: it needs {Plan.MemoryOf(trial.Point) / MiB:F1} MiB, ")
                + string.Create(CultureInfo.InvariantCulture, $"and the sweep's memory budget is {Plan.MemoryBudget / MiB:F1} MiB.");
            return new(SuggestionKind.Refused, trial);
        }
        (trial.Status, trial.Worker) = (SweepTrialStatus.Running, worker);
        Changed.Add(trial.Number);
        Renew(trial, now);
        return new(SuggestionKind.Trial, trial);
    }

    private void Renew(TrialRecord trial, long now) => trial.LeasedUntil = Plan.Lease == long.MaxValue ? long.MaxValue : now + Plan.Lease;

    private TrialRecord? Owned(int number, int attempt) =>
        number >= 0 && number < _trials.Count && _trials[number] is { Status: SweepTrialStatus.Running } trial && trial.Attempt == attempt
            ? trial : null;

    // The start, what the user wants tried, draws that cover the space, then what the sampler makes of the results.
    private double[]? NextPoint()
    {
        if (_searched == 0)
            return Plan.Space.Start;
        if (_searched <= Plan.Candidates.Count)
            return Plan.Candidates[_searched - 1];
        var random = new SeededRandom(Plan.Seed, $"trial {_searched}");
        int drawn = _searched - 1 - Plan.Candidates.Count;
        return drawn < Plan.FirstDraws && FirstDesign.Draw(Plan, drawn) is double[] point && IsNew(point) ? point : FreshPoint(random);
    }

    private double[]? FreshPoint(SeededRandom random)
    {
        for (int i = 0; i < 200; i++)
        {
            double[] point = i < 20 ? _sampler.Next(_trials, random) : Draws.Within(Plan, random);
            if (IsNew(point))
                return point;
        }
        return null;
    }

    private bool IsNew(double[] point) => !_points.Contains(point);

    // Seed by seed, so that every one of the best has been made as often when time runs out.
    private TrialRecord? NextRepeat()
    {
        if (Plan.RepeatedTrials == 0 || Plan.Repeats == 0)
            return null;
        TrialRecord[] best =
            [.. _trials.Where(trial => trial.IsSearch && trial.Counts).OrderBy(trial => trial.Objective).Take(Plan.RepeatedTrials)];
        for (int repeat = 1; repeat <= Plan.Repeats; repeat++)
        {
            foreach (TrialRecord original in best)
            {
                if (!_trials.Exists(trial => trial.RepeatOf == original.Number && trial.Repeat == repeat))
                    return new TrialRecord { Number = _trials.Count, Point = original.Point, Repeat = repeat, RepeatOf = original.Number };
            }
        }
        return null;
    }

    // Points are the same where all their values are, NaN for none included.
    private sealed class SamePoint : IEqualityComparer<double[]>
    {
        public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double[] obj)
        {
            var hash = new HashCode();
            foreach (double value in obj)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
