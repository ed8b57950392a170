using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al. 2011, NIPS 24, section 4), with joint kernels and the results of the longest training
/// that enough trials have reached (Falkner et al. 2018, arXiv:1807.01774, section 3.2). Two densities, one of the good trials and one of
/// the others; of some points drawn from the first it takes the one where the first is largest against the second.
/// </summary>
internal sealed class ParzenSampler(SweepPlan plan) : ISampler
{
    // Few good ones and 24 candidates as the papers' authors have it; now and then a point at random, so that no model can lock itself in.
    private const double GoodShare = 0.1, RandomShare = 0.15;
    private const int CandidatePoints = 24, LeastGood = 2, LeastObservations = 5;

    // No kernel is narrower than this after one trial, and as Scott's rule has it after more: wide while the search is coarse.
    private const double WidthOfFirst = 0.17;

    // More points say little more about a density and cost time with every draw; of the others the newest say most.
    private const int MostGood = 25, MostOthers = 250;

    /// <inheritdoc/>
    public double[] Next(IReadOnlyList<TrialRecord> trials, SeededRandom random)
    {
        if (random.NextDouble() < RandomShare || Split(trials) is not (double[][] good, double[][] others))
            return Draws.Within(plan, random);

        double leastWidth = WidthOfFirst * Math.Pow(trials.Count, -0.2);
        var likely = new KernelDensity(plan.Space, good, leastWidth);
        var unlikely = new KernelDensity(plan.Space, others, leastWidth);
        double[]? best = null;
        double highest = double.NegativeInfinity;
        for (int i = 0; i < CandidatePoints; i++)
        {
            double[] point = Draws.Cheapest(plan, () => likely.Draw(random));
            double ratio = likely.LogDensity(point) - unlikely.LogDensity(point);
            if (best is null || ratio > highest)
                (best, highest) = (point, ratio);
        }
        return best!;
    }

    // Trials under way count among the others, so that workers side by side do not all try the same; failed ones do because nobody wants
    // more of them. Those stopped before the length that trials are compared at do not: their losses cannot be compared, and where they
    // are dense the sampler was before.
    private (double[][] Good, double[][] Others)? Split(IReadOnlyList<TrialRecord> trials)
    {
        List<(TrialRecord Trial, double Value)> known = Known(trials);
        if (known.Count < LeastObservations)
            return null;
        int count = Math.Clamp((int)Math.Ceiling(GoodShare * known.Count), LeastGood, MostGood);
        TrialRecord[] good = [.. Best(known, count).OrderBy(trial => trial.Number)];
        HashSet<TrialRecord> measured = [.. known.Select(one => one.Trial)];
        var others = new List<double[]>();
        for (int i = trials.Count - 1; i >= 0 && others.Count < MostOthers; i--)
        {
            if (trials[i].IsSearch && Array.IndexOf(good, trials[i]) < 0
                && (trials[i].Status != SweepTrialStatus.Pruned || measured.Contains(trials[i])))
                others.Add(trials[i].Point);
        }
        others.Reverse();
        return ([.. good.Select(trial => trial.Point)], [.. others]);
    }

    // Those with the least values; of equal ones the first. There are few good ones among many, so most are passed over at a glance.
    private static List<TrialRecord> Best(List<(TrialRecord Trial, double Value)> known, int count)
    {
        var best = new List<TrialRecord>(count + 1);
        var values = new List<double>(count + 1);
        foreach ((TrialRecord trial, double value) in known)
        {
            if (best.Count == count && !(value < values[^1]))
                continue;
            int at = best.Count;
            while (at > 0 && value < values[at - 1])
                at--;
            best.Insert(at, trial);
            values.Insert(at, value);
            if (best.Count > count)
            {
                best.RemoveAt(count);
                values.RemoveAt(count);
            }
        }
        return best;
    }

    private List<(TrialRecord Trial, double Value)> Known(IReadOnlyList<TrialRecord> trials)
    {
        List<(TrialRecord, double)> known = ValuesOf(trials, trial => trial.Counts ? trial.Objective : null);
        for (int resource = plan.WholeTraining; known.Count < LeastObservations && resource > 1;)
        {
            resource /= plan.ReductionFactor;
            int reached = resource;
            known = ValuesOf(trials, trial => trial.LossAt(reached));
        }
        return known;
    }

    private static List<(TrialRecord, double)> ValuesOf(IReadOnlyList<TrialRecord> trials, Func<TrialRecord, double?> valueOf)
    {
        var known = new List<(TrialRecord, double)>();
        for (int i = 0; i < trials.Count; i++)
        {
            if (trials[i].IsSearch && valueOf(trials[i]) is double value && double.IsFinite(value))
                known.Add((trials[i], value));
        }
        return known;
    }
}
