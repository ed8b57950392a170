using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

[TestClass]
public sealed class SuccessiveHalvingTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void WhoGoesOnIsWhoIsAmongTheBestShareOfAllThatCameSoFar(int factor)
    {
        var halving = new SuccessiveHalving(factor, 1);
        var random = new SeededRandom(1, "losses");
        List<double> all = [];
        for (int i = 0; i < 200; i++)
        {
            double loss = random.NextInt(60);
            all.Add(loss);
            halving.Add(0, loss);
            int better = all.Count(other => other < loss);

            Assert.AreEqual(all.Count < factor || better < all.Count / factor, halving.GoesOn(0, loss));
        }
    }

    [TestMethod]
    public void RungsArePowersOfTheFactor()
    {
        var halving = new SuccessiveHalving(3, 4);

        CollectionAssert.AreEqual(new[] { 1, 3, 9, 27 }, Enumerable.Range(0, 4).Select(halving.ResourceOf).ToArray());
    }

    [TestMethod]
    public void ALossThatIsNoNumberNeverGoesOnOnceThereIsACompany()
    {
        var halving = new SuccessiveHalving(3, 1);
        for (int i = 0; i < 5; i++)
            halving.Add(0, double.PositiveInfinity);

        Assert.IsFalse(halving.GoesOn(0, double.PositiveInfinity));
    }

    [TestMethod]
    public void ItTakesAFractionOfTheWorkAndFindsAsGoodATrial()
    {
        SweepSpace space = SweepSpace.Empty.Range("X", 0.0, 1.0, 0.5);
        (long Work, double Best) Run(int rungs)
        {
            var machine = new SweepMachine(new SweepPlan
            {
                Space = space,
                Trials = 60,
                Rungs = rungs,
                Sampler = SweepSampler.Random,
                Seed = 3
            });
            // Rungs change how many parts a training has, so the loss depends on the share that was made.
            var simulation = new Simulation(machine, (trial, part) => Math.Abs(trial.Point[0] - 0.3) + 1
                - (double)part / machine.Plan.WholeTraining, 4, 1);
            simulation.Run();
            return (simulation.Work / machine.Plan.WholeTraining, machine.Trials.Min(trial => trial.Objective ?? double.PositiveInfinity));
        }

        (long all, double best) = Run(0);
        (long some, double found) = Run(3);
        Assert.AreEqual(60, all);
        Assert.IsLessThan(30, some);
        Assert.AreEqual(best, found, 1e-12);
    }
}
