using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

/// <summary>How much a parameter mattered in a sweep.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">
/// The share of the differences between trials, 0 to 1, that this parameter explains on its own, less what as many random numbers would
/// seem to explain. Trials count by their rank: how far they came, then how good they were.
/// </param>
public sealed record SweepImportance(string Name, double Share)
{
    // Leaves of the step function that a parameter's effect is taken for; shuffles that tell how much of the fit is chance.
    private const int Leaves = 4, Shuffles = 50;

    /// <summary>The importance of all parameters of a space, the largest first; empty with fewer than 8 trials that are over.</summary>
    internal static IReadOnlyList<SweepImportance> Of(SweepPlan plan, IReadOnlyList<TrialRecord> trials)
    {
        TrialRecord[] over = [.. trials.Where(trial => trial.IsSearch && trial.IsOver)];
        if (over.Length < 8)
            return [];
        double[] ranks = RanksOf(over);
        var random = new SeededRandom(plan.Seed, "importance");
        return [.. Enumerable.Range(0, plan.Space.Parameters.Count)
            .Select(i => new SweepImportance(plan.Space.Parameters[i].Name,
                ShareOf([.. over.Select(trial => trial.Point[i])], ranks, random)))
            .OrderByDescending(importance => importance.Share)];
    }

    /// <summary>0 for the best. Failed trials are last, pruned ones by how far they came and then by their loss.</summary>
    internal static double[] RanksOf(TrialRecord[] trials)
    {
        TrialRecord[] order =
            [.. trials.OrderBy(trial => trial.Status switch { SweepTrialStatus.Completed => 0, SweepTrialStatus.Pruned => 1, _ => 2 })
            .ThenBy(trial => trial.Objective ?? 0).ThenByDescending(trial => trial.Resource)
            .ThenBy(trial => trial.LossAt(trial.Resource) ?? 0).ThenBy(trial => trial.Number)];
        double[] ranks = new double[trials.Length];
        for (int i = 0; i < order.Length; i++)
            ranks[Array.IndexOf(trials, order[i])] = i;
        return ranks;
    }

    private static double ShareOf(double[] values, double[] ranks, SeededRandom random)
    {
        double explained = Explained(values, ranks), chance = 0;
        double[] shuffled = [.. ranks];
        for (int shuffle = 0; shuffle < Shuffles; shuffle++)
        {
            for (int i = shuffled.Length - 1; i > 0; i--)
            {
                int other = random.NextInt(i + 1);
                (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
            }
            chance += Explained(values, shuffled) / Shuffles;
        }
        return chance >= 1 ? 0 : Math.Clamp((explained - chance) / (1 - chance), 0, 1);
    }

    /// <summary>
    /// The share of the ranks' variance between the leaves of the best small tree over one parameter; where it has no value is a leaf of
    /// its own.
    /// </summary>
    internal static double Explained(double[] values, double[] ranks)
    {
        (double Value, double Rank)[] pairs =
            [.. values.Zip(ranks).OrderBy(pair => double.IsNaN(pair.First) ? double.NegativeInfinity : pair.First)];
        List<(int From, int To)> leaves = [(0, pairs.Length)];
        double mean = ranks.Average(), total = ranks.Sum(rank => (rank - mean) * (rank - mean));
        int least = Math.Max(2, pairs.Length / 12);
        while (leaves.Count < Leaves)
        {
            (double Gain, int Leaf, int At) best = (0, -1, -1);
            for (int leaf = 0; leaf < leaves.Count; leaf++)
            {
                (int from, int to) = leaves[leaf];
                for (int at = from + least; at <= to - least; at++)
                {
                    if (pairs[at - 1].Value.Equals(pairs[at].Value))
                        continue;
                    double gain = Gain(pairs, from, at, to);
                    if (gain > best.Gain)
                        best = (gain, leaf, at);
                }
            }
            if (best.Leaf < 0)
                break;
            (int start, int end) = leaves[best.Leaf];
            leaves[best.Leaf] = (start, best.At);
            leaves.Add((best.At, end));
        }
        double between = leaves.Sum(leaf =>
        {
            double average = pairs[leaf.From..leaf.To].Average(pair => pair.Rank);
            return (leaf.To - leaf.From) * (average - mean) * (average - mean);
        });
        return total > 0 ? between / total : 0;
    }

    private static double Gain((double Value, double Rank)[] pairs, int from, int at, int to)
    {
        double left = 0, right = 0;
        for (int i = from; i < to; i++)
        {
            if (i < at)
                left += pairs[i].Rank;
            else
                right += pairs[i].Rank;
        }
        int n = at - from, m = to - at;
        double difference = left / n - right / m;
        return difference * difference * n * m / (n + m);
    }
}
