using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    public void ConstantIsOne() => Assert.AreEqual(1, LearningRateSchedule.Constant.FactorAt(1_000_000));

    [TestMethod]
    public void CosineFallsToItsFloorAndStays()
    {
        var schedule = LearningRateSchedule.Cosine(100, floor: 0.2);
        Assert.AreEqual(1, schedule.FactorAt(0), 1e-12);
        Assert.AreEqual(0.6, schedule.FactorAt(50), 1e-12);
        Assert.AreEqual(0.2 + 0.8 * 0.5 * (1 + Math.Sqrt(0.5)), schedule.FactorAt(25), 1e-12);
        Assert.AreEqual(0.2, schedule.FactorAt(100), 1e-12);
        Assert.AreEqual(0.2, schedule.FactorAt(1000), 1e-12);
    }

    [TestMethod]
    public void WarmUpRisesInAStraightLine()
    {
        var schedule = LearningRateSchedule.WarmUp(4);
        double[] expected = [0.25, 0.5, 0.75, 1, 1, 1];
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], schedule.FactorAt(i), 1e-12);
    }

    [TestMethod]
    public void StepsAndExponentialsAgreeAtTheSteps()
    {
        var steps = LearningRateSchedule.StepDecay(10, 0.5);
        var smooth = LearningRateSchedule.ExponentialDecay(10, 0.5);
        Assert.AreEqual(1, steps.FactorAt(9));
        Assert.AreEqual(0.25, steps.FactorAt(29));
        Assert.AreEqual(0.125, steps.FactorAt(30));
        Assert.AreEqual(0.125, smooth.FactorAt(30), 1e-12);
        Assert.AreEqual(Math.Sqrt(0.5), smooth.FactorAt(5), 1e-12);
    }

    [TestMethod]
    public void SchedulesMultiply()
    {
        LearningRateSchedule schedule = LearningRateSchedule.WarmUp(10) * LearningRateSchedule.StepDecay(4, 0.5);
        Assert.AreEqual(0.6 * 0.5, schedule.FactorAt(5), 1e-12);
    }

    [TestMethod]
    public void FactorsOfZeroAndOneAreSchedules()
    {
        Assert.AreEqual(0, LearningRateSchedule.Cosine(10, floor: 0).FactorAt(10), 1e-12);
        Assert.AreEqual(1, LearningRateSchedule.Cosine(10, floor: 1).FactorAt(5), 1e-12);
        Assert.AreEqual(0, LearningRateSchedule.StepDecay(10, 0).FactorAt(10));
        Assert.AreEqual(1, LearningRateSchedule.ExponentialDecay(10, 1).FactorAt(25));
    }

    [TestMethod]
    [DataRow(0L, 0.5)]
    [DataRow(-1L, 0.5)]
    [DataRow(10L, -0.1)]
    [DataRow(10L, 1.1)]
    [DataRow(10L, double.NaN)]
    public void ImpossibleSchedulesAreRefused(long iterations, double factor)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(iterations, factor));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.StepDecay(iterations, factor));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.ExponentialDecay(iterations, factor));
        if (iterations < 1)
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(iterations));
    }
}
