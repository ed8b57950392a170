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

    // More points say little more about a density and cost time with every draw; of the others the newest say most.
    private const int MostGood = 25, MostOthers = 250;

    /// <inheritdoc/>
    public double[] Next(IReadOnlyList<TrialRecord> trials, SeededRandom random)
    {
        if (random.NextDouble() < RandomShare || Split(trials) is not (double[][] good, double[][] others))
            return Draws.Within(plan, random);

        var likely = new KernelDensity(plan.Space, good);
        var unlikely = new KernelDensity(plan.Space, others);
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
    // more of them.
    private (double[][] Good, double[][] Others)? Split(IReadOnlyList<TrialRecord> trials)
    {
        TrialRecord[] search = [.. trials.Where(trial => trial.IsSearch)];
        (TrialRecord Trial, double Value)[] known = Known(search);
        if (known.Length < LeastObservations)
            return null;
        int good = Math.Clamp((int)Math.Ceiling(GoodShare * known.Length), LeastGood, MostGood);
        HashSet<int> numbers =
            [.. known.OrderBy(one => one.Value).ThenBy(one => one.Trial.Number).Take(good).Select(one => one.Trial.Number)];
        return ([.. search.Where(trial => numbers.Contains(trial.Number)).Select(trial => trial.Point)],
            [.. search.Where(trial => !numbers.Contains(trial.Number)).TakeLast(MostOthers).Select(trial => trial.Point)]);
    }

    private (TrialRecord Trial, double Value)[] Known(TrialRecord[] search)
    {
        int enough = Math.Max(LeastObservations, Math.Min(plan.Space.Parameters.Count + 1, 10));
        (TrialRecord, double)[] known = [.. search.Where(trial => trial.Counts).Select(trial => (trial, trial.Objective!.Value))];
        for (int resource = plan.WholeTraining; known.Length < enough && resource > 1;)
        {
            resource /= plan.ReductionFactor;
            known = [.. search.Select(trial => (trial, trial.LossAt(resource) ?? double.PositiveInfinity))
                .Where(one => double.IsFinite(one.Item2))];
        }
        return known;
    }
}
