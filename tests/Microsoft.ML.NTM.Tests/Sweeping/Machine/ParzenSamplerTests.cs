using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

[TestClass]
public sealed class ParzenSamplerTests
{
    private static readonly SweepSpace s_space = SweepSpace.Empty
        .Range("Rate", 1e-5, 1.0, 1.0, logarithmic: true)
        .Range("Size", 4, 400, 4, logarithmic: true)
        .Choice("Kind", "a", "b", "c", "d")
        .Range("Share", 0.0, 1.0, 0.0);

    // Best at rate 1e-3, size 60, kind c, share 0.7.
    private static double Loss(TrialRecord trial, int resource) => Math.Abs(Math.Log10(trial.Point[0]) + 3)
        + Math.Abs(Math.Log(trial.Point[1] / 60))
        + (trial.Point[2] == 2 ? 0 : 1) + Math.Abs(trial.Point[3] - 0.7);

    [TestMethod]
    public void ItFindsBetterPointsThanChanceWithAsManyTrials()
    {
        double learned = Median(SweepSampler.Parzen), chance = Median(SweepSampler.Random);

        Assert.IsLessThan(0.6 * chance, learned, $"learned {learned}, chance {chance}");
    }

    [TestMethod]
    public void WithPruningToo()
    {
        double learned = Median(SweepSampler.Parzen, rungs: 2), chance = Median(SweepSampler.Random, rungs: 2);

        Assert.IsLessThan(0.75 * chance, learned, $"learned {learned}, chance {chance}");
    }

    [TestMethod]
    public void ADensityIsOneInAllAndDrawsFollowIt()
    {
        SweepSpace space = SweepSpace.Empty.Range("X", 0.0, 1.0, 0.5).Choice("Kind", 0, 1, 2);
        var density = new KernelDensity(space, [[0.1, 1], [0.2, 1], [0.9, 2]], leastWidth: 0.05);
        const int Cells = 200;
        double[] mass = new double[Cells * 3];
        for (int cell = 0; cell < Cells; cell++)
        {
            for (int kind = 0; kind < 3; kind++)
                mass[cell * 3 + kind] = Math.Exp(density.LogDensity([(cell + 0.5) / Cells, kind])) / Cells;
        }
        Assert.AreEqual(1, mass.Sum(), 1e-3);

        var random = new SeededRandom(1, "density");
        int below = 0, second = 0;
        const int All = 20_000;
        for (int i = 0; i < All; i++)
        {
            double[] point = density.Draw(random);
            below += point[0] < 0.5 ? 1 : 0;
            second += point[1] == 1 ? 1 : 0;
        }
        Assert.AreEqual(mass[..(Cells / 2 * 3)].Sum(), (double)below / All, 0.02);
        Assert.AreEqual(Enumerable.Range(0, Cells).Sum(cell => mass[cell * 3 + 1]), (double)second / All, 0.02);
    }

    [TestMethod]
    public void InThirtyTrialsItIsAheadToo()
    {
        double learned = Median(SweepSampler.Parzen, rungs: 2, trials: 30), chance = Median(SweepSampler.Random, rungs: 2, trials: 30);

        Assert.IsLessThan(0.8 * chance, learned, $"learned {learned}, chance {chance}");
    }

    private static double Median(SweepSampler sampler, int rungs = 0, int trials = 60)
    {
        double[] best = [.. Enumerable.Range(0, 15).Select(seed =>
        {
            var machine = new SweepMachine(
                new SweepPlan { Space = s_space, Trials = trials, Rungs = rungs, Sampler = sampler, Seed = seed });
            new Simulation(machine, Loss, 2, seed).Run();
            return machine.Trials.Min(trial => trial.Objective ?? double.PositiveInfinity);
        })];
        return best.Order().ElementAt(7);
    }
}
