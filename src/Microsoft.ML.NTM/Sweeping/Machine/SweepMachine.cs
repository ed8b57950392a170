using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What a worker that asks for a trial is told.</summary>
internal enum SuggestionKind
{
    /// <summary>Here is one.</summary>
    Trial,

    /// <summary>None yet; ask again once another has ended.</summary>
    Wait,

    /// <summary>There will be none.</summary>
    Done,
}

/// <summary>An answer to a worker that asks for a trial; the trial only with <see cref="SuggestionKind.Trial"/>.</summary>
internal readonly record struct Suggestion(SuggestionKind Kind, TrialRecord? Trial);

/// <summary>
/// A sweep as a pure state machine: events in, decisions out. It has no clock, file, thread or network; a host brings those. What it says
/// follows from the plan and the order of events alone, and its state is <see cref="Trials"/> and <see cref="SearchEnded"/>, so that it can
/// be kept anywhere and taken up again. Not thread-safe: its host lets one event in at a time.
/// </summary>
internal sealed class SweepMachine
{
    private readonly List<TrialRecord> _trials;
    private readonly SuccessiveHalving _halving;
    private readonly ISampler _sampler;
    private int _searched;

    /// <summary>A sweep that begins, or goes on from the state kept before.</summary>
    public SweepMachine(SweepPlan plan, IEnumerable<TrialRecord>? trials = null, bool searchEnded = false)
    {
        Plan = plan;
        _trials = [.. trials ?? []];
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

    /// <summary>Whether the search draws nothing new any more.</summary>
    public bool SearchEnded { get; private set; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsDone => _trials.All(trial => trial.IsOver) && !MoreToSearch && NextRepeat() is null;

    private bool MoreToSearch => !SearchEnded && _searched < Plan.Trials;

    /// <summary>A worker asks for work.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="now">The host's clock, for the lease.</param>
    public Suggestion Suggest(string worker, long now = 0)
    {
        if (_trials.Find(trial => trial.Status == SweepTrialStatus.Waiting) is { } lost)
        {
            lost.Attempt++;
            return Give(lost, worker, now);
        }
        if (MoreToSearch)
        {
            // A space may be used up before the trials are.
            if (NextPoint() is double[] point)
            {
                var trial = new TrialRecord { Number = _trials.Count, Point = point };
                _trials.Add(trial);
                _searched++;
                return Give(trial, worker, now);
            }
            SearchEnded = true;
        }
        if (!_trials.Exists(trial => trial.IsSearch && !trial.IsOver) && NextRepeat() is { } repeat)
        {
            _trials.Add(repeat);
            return Give(repeat, worker, now);
        }
        return new(_trials.Exists(trial => !trial.IsOver) ? SuggestionKind.Wait : SuggestionKind.Done, null);
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
            trial.Status = SweepTrialStatus.Pruned;
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
        trial.Status = SweepTrialStatus.Completed;
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
        (trial.Status, trial.Error, trial.Seconds) = (SweepTrialStatus.Failed, error, seconds);
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
        int lost = 0;
        foreach (TrialRecord trial in _trials.Where(trial => trial.Status == SweepTrialStatus.Running && trial.LeasedUntil <= now))
        {
            Lose(trial);
            lost++;
        }
        return lost;
    }

    /// <summary>A worker is known to be gone, or gives its trial back.</summary>
    public void Abandon(int number)
    {
        if (_trials[number].Status == SweepTrialStatus.Running)
            Lose(_trials[number]);
    }

    /// <summary>Draws nothing new from now on.</summary>
    public void EndSearch() => SearchEnded = true;

    private void Lose(TrialRecord trial)
    {
        bool givenUp = trial.Attempt >= Plan.MaxAttempts;
        trial.Status = givenUp ? SweepTrialStatus.Failed : SweepTrialStatus.Waiting;
        if (givenUp)
            trial.Error = $"Its worker was lost {trial.Attempt} times.";
    }

    private Suggestion Give(TrialRecord trial, string worker, long now)
    {
        (trial.Status, trial.Worker) = (SweepTrialStatus.Running, worker);
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

    private bool IsNew(double[] point) => !_trials.Exists(trial => trial.Point.AsSpan().SequenceEqual(point));

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
}
