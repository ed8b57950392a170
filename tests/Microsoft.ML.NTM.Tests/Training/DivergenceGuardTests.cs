using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class DivergenceGuardTests
{
    private static readonly TrainingSettings s_settings = new()
    {
        NumberOfIterations = 100,
        LearningRate = 0.02,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        ReportInterval = 10,
        Guard = new GuardSettings { SnapshotInterval = 10 },
    };

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void AFaultyLossSkipsTheStep(double loss) => AssertStepIsSkipped(new LinearEngine(faultyLoss: i => i == 5 ? loss : null));

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    [DataRow(1e16f)]
    public void AFaultyGradientSkipsTheStep(float value) =>
        AssertStepIsSkipped(new LinearEngine(faultyGradient: i => i == 5 ? value : null));

    [TestMethod]
    public void RepeatedFaultsGoBackToGoodWeightsWithALowerRate()
    {
        var parameters = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        var engine = new LinearEngine(faultyLoss: i => i is 45 or 46 or 47 ? double.NaN : null);
        TrainingHistory history = new TrainingLoop(engine, parameters, s_settings with { NumberOfIterations = 48 }, observer)
            .Run(LinearProblem.Batches());

        Assert.AreEqual(1, history.Rollbacks);
        Assert.AreEqual(3, history.SkippedSteps);
        Assert.AreEqual(2, observer.Warnings.Count);
        StringAssert.Contains(observer.Warnings[1], "0.5 of the learning rate");

        // Snapshots are of the weights before steps 10, 20, 30 and 40; the older of the last two is 30's.
        var good = LinearProblem.Parameters();
        new TrainingLoop(new LinearEngine(), good, s_settings with { NumberOfIterations = 29 }, new RecordingObserver())
            .Run(LinearProblem.Batches());
        CollectionAssert.AreEqual(good.Values, parameters.Values);
    }

    // What was recent before the first return is not trusted again: the snapshot after it makes the weights returned to the older ones.
    [TestMethod]
    public void GoingBackASecondTimeLeadsToTheSameWeights()
    {
        var parameters = LinearProblem.Parameters();
        var engine = new LinearEngine(faultyLoss: i => i is 45 or 46 or 47 or 60 or 61 or 62 ? double.NaN : null);
        TrainingHistory history = new TrainingLoop(engine, parameters, s_settings with { NumberOfIterations = 63 },
            new RecordingObserver()).Run(LinearProblem.Batches());

        Assert.AreEqual(2, history.Rollbacks);
        var good = LinearProblem.Parameters();
        new TrainingLoop(new LinearEngine(), good, s_settings with { NumberOfIterations = 29 }, new RecordingObserver())
            .Run(LinearProblem.Batches());
        CollectionAssert.AreEqual(good.Values, parameters.Values);
    }

    [TestMethod]
    public void AfterGoingBackTheOptimizerStartsAfresh()
    {
        var parameters = LinearProblem.Parameters();
        var engine = new LinearEngine(faultyLoss: i => i is 45 or 46 or 47 ? double.NaN : null);
        new TrainingLoop(engine, parameters, s_settings with { NumberOfIterations = 49 }, new RecordingObserver())
            .Run(LinearProblem.Batches());

        var expected = LinearProblem.Parameters();
        new TrainingLoop(new LinearEngine(), expected, s_settings with { NumberOfIterations = 29 }, new RecordingObserver())
            .Run(LinearProblem.Batches());
        new TrainingLoop(new LinearEngine(), expected, s_settings with { NumberOfIterations = 1, LearningRate = 0.01 },
            new RecordingObserver())
            .Run(first => LinearProblem.Batches()(first + 48));
        CollectionAssert.AreEqual(expected.Values, parameters.Values);
    }

    [TestMethod]
    public void TrainingRecoversAndLearnsOn()
    {
        var parameters = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        var engine = new LinearEngine(faultyGradient: i => i is > 100 and < 110 ? float.NaN : null);
        TrainingSettings settings = s_settings with { NumberOfIterations = 3000 };
        TrainingHistory history = new TrainingLoop(engine, parameters, settings, observer).Run(LinearProblem.Batches());
        Assert.AreEqual(3, history.Rollbacks);
        Assert.AreEqual(0.02 / 8, observer.Reports[^1].LearningRate, 1e-12);
        LinearProblem.AssertSolved(parameters, 0.01);
    }

    [TestMethod]
    public void FaultsInEveryFifthStepGoBackToo()
    {
        var engine = new LinearEngine(faultyLoss: i => i % 5 == 4 ? double.NaN : null);
        TrainingSettings settings = s_settings with { Guard = new GuardSettings { SnapshotInterval = 10, MaxRollbacks = 100 } };
        Assert.IsTrue(new TrainingLoop(engine, LinearProblem.Parameters(), settings, new RecordingObserver())
            .Run(LinearProblem.Batches()).Rollbacks > 0);
    }

    [TestMethod]
    public void RareFaultsAreOnlySkipped()
    {
        var engine = new LinearEngine(faultyLoss: i => i % 20 == 19 ? double.NaN : null);
        TrainingHistory history = new TrainingLoop(engine, LinearProblem.Parameters(), s_settings with { NumberOfIterations = 2000 },
            new RecordingObserver())
            .Run(LinearProblem.Batches());
        Assert.AreEqual(100, history.SkippedSteps);
        Assert.AreEqual(0, history.Rollbacks);
    }

    [TestMethod]
    public void WhatCannotRecoverIsOneClearErrorAndLeavesGoodWeights()
    {
        var parameters = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        var engine = new LinearEngine(faultyLoss: _ => double.NaN);
        var loop = new TrainingLoop(engine, parameters, s_settings, observer);
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => loop.Run(LinearProblem.Batches()));
        StringAssert.Contains(error.Message, "6 returns");
        StringAssert.Contains(error.Message, "lower learning rate");
        CollectionAssert.AreEqual(LinearProblem.Parameters().Values, parameters.Values);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    public void ATrainingWhoseEveryStepWasSkippedIsAnErrorHoweverShort(int iterations)
    {
        var loop = new TrainingLoop(new LinearEngine(faultyLoss: _ => double.NaN), LinearProblem.Parameters(),
            s_settings with { NumberOfIterations = iterations }, new RecordingObserver());
        TrainingDivergedException error = Assert.ThrowsExactly<TrainingDivergedException>(() => loop.Run(LinearProblem.Batches()));
        StringAssert.Contains(error.Message, $"in any of the {iterations} iterations");
    }

    [TestMethod]
    [DataRow(OptimizerKind.RmsProp)]
    [DataRow(OptimizerKind.Adam)]
    [DataRow(OptimizerKind.AdamW)]
    [DataRow(OptimizerKind.Sgd)]
    public void NoRateHoweverHighPutsNaNIntoTheParameters(OptimizerKind kind)
    {
        // The engine itself fails the test if it is given a parameter that is not finite.
        var parameters = LinearProblem.Parameters();
        TrainingSettings settings = s_settings with
        {
            NumberOfIterations = 500,
            LearningRate = 1000,
            Optimizer = new OptimizerSettings { Kind = kind },
            Clip = new GradientClip(Value: null),
        };
        try
        {
            new TrainingLoop(new LinearEngine(), parameters, settings, new RecordingObserver()).Run(LinearProblem.Batches());
        }
        catch (TrainingDivergedException)
        {
        }
        Assert.IsTrue(parameters.Values.All(float.IsFinite));
    }

    [TestMethod]
    public void ARunawayRateIsHalvedUntilTrainingConverges()
    {
        // Plain descent diverges above about 0.3 here.
        var parameters = LinearProblem.Parameters();
        TrainingSettings settings = s_settings with
        {
            NumberOfIterations = 20_000,
            LearningRate = 2,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Sgd, Momentum = 0 },
            Clip = new GradientClip(Value: null),
        };
        TrainingHistory history = new TrainingLoop(new LinearEngine(), parameters, settings, new RecordingObserver())
            .Run(LinearProblem.Batches());
        Assert.IsTrue(history.Rollbacks is > 0 and < 7, $"{history.Rollbacks} rollbacks");
        LinearProblem.AssertSolved(parameters, 1e-3);
    }

    private static void AssertStepIsSkipped(LinearEngine engine)
    {
        ParameterSet with = LinearProblem.Parameters(), without = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        TrainingHistory history = new TrainingLoop(engine, with, s_settings with { NumberOfIterations = 6 }, observer)
            .Run(LinearProblem.Batches());
        Assert.AreEqual(1, history.SkippedSteps);
        Assert.AreEqual(1, history.Reports[^1].SkippedSteps);
        Assert.IsTrue(double.IsFinite(history.Reports[^1].Loss));
        StringAssert.Contains(observer.Warnings.Single(), "At iteration 5");

        new TrainingLoop(new LinearEngine(), without, s_settings with { NumberOfIterations = 5 }, new RecordingObserver())
            .Run(LinearProblem.Batches());
        CollectionAssert.AreEqual(without.Values, with.Values);
    }
}
