using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping;

[TestClass]
public sealed class SweepImportanceTests
{
    [TestMethod]
    public void WhatDecidesIsImportantAndWhatDoesNotIsNot()
    {
        SweepSpace space = SweepSpace.Empty.Range("Decides", 0.0, 1.0, 0.5).Choice("Helps", "a", "b").Range("Idle", 0.0, 1.0, 0.5);
        var plan = new SweepPlan { Space = space, Trials = 60, Rungs = 0, Sampler = SweepSampler.Random };
        var machine = new SweepMachine(plan);
        while (machine.Suggest("one").Trial is { } trial)
            machine.Complete(trial.Number, 1, Math.Abs(trial.Point[0] - 0.5) + 0.15 * trial.Point[1]);

        IReadOnlyList<SweepImportance> importance = SweepImportance.Of(plan, machine.Trials);
        CollectionAssert.AreEqual(new[] { "Decides", "Helps", "Idle" }, importance.Select(one => one.Name).ToArray());
        Assert.IsInRange(0.5, 1.0, importance[0].Share);
        Assert.IsInRange(0.05, 0.4, importance[1].Share);
        Assert.IsInRange(0.0, 0.08, importance[2].Share);
    }

    [TestMethod]
    public void TheFirstSplitIsTheOneThatASlowSearchFinds()
    {
        var random = new SeededRandom(1, "splits");
        double[] values = [.. Enumerable.Range(0, 7).Select(_ => random.NextDouble())],
            ranks = [.. Enumerable.Range(0, 7).Select(i => (double)i)];

        // With 7 points and at least 2 in a leaf there are at most 3 leaves; every way to cut is tried.
        double[] sorted = [.. values.Zip(ranks).OrderBy(pair => pair.First).Select(pair => pair.Second)];
        double best = 0;
        for (int a = 2; a <= 5; a++)
        {
            for (int b = a; b <= 5; b++)
            {
                if (b == a || b - a >= 2)
                    best = Math.Max(best, Between(sorted, b == a ? [a] : [a, b]));
            }
        }
        double found = SweepImportance.Explained(values, ranks);

        Assert.IsLessThanOrEqualTo(best + 1e-12, found);
        Assert.IsGreaterThanOrEqualTo(Enumerable.Range(2, 4).Max(a => Between(sorted, [a])) - 1e-12, found);
    }

    [TestMethod]
    public void TrialsAreRankedByHowFarTheyCameAndThenHowGoodTheyWere()
    {
        TrialRecord Of(int number, SweepTrialStatus status, int part, double loss, double? objective) => new()
        {
            Number = number,
            Point = [],
            Status = status,
            Objective = objective,
            Curve = { new CurvePoint(part, loss) },
        };
        TrialRecord[] trials =
        [
            Of(0, SweepTrialStatus.Failed, 9, 0.0, null), Of(1, SweepTrialStatus.Pruned, 1, 0.2, null),
            Of(2, SweepTrialStatus.Completed, 9, 0.9, 0.7),
            Of(3, SweepTrialStatus.Pruned, 3, 0.8, null), Of(4, SweepTrialStatus.Completed, 9, 0.5, 0.9),
            Of(5, SweepTrialStatus.Pruned, 1, 0.1, null),
        ];

        CollectionAssert.AreEqual(new double[] { 5, 4, 0, 2, 1, 3 }, SweepImportance.RanksOf(trials));
    }

    private static double Between(double[] ranks, int[] cuts)
    {
        double mean = ranks.Average();
        int[] ends = [0, .. cuts, ranks.Length];
        double between = Enumerable.Range(0, ends.Length - 1)
            .Sum(i => (ends[i + 1] - ends[i]) * Math.Pow(ranks[ends[i]..ends[i + 1]].Average() - mean, 2));
        return between / ranks.Sum(rank => Math.Pow(rank - mean, 2));
    }
}
