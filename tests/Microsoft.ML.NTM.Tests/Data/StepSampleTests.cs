using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class StepSampleTests
{
    [TestMethod]
    public void FewStepsAreAllKept()
    {
        var sample = new StepSample(2);
        sample.Add([3, 30, 1, float.NaN, 0, 10]);

        CollectionAssert.AreEqual(new float[] { 0, 1, 3 }, sample.Sorted(0));
        CollectionAssert.AreEqual(new float[] { 1, 3 }, sample.Sorted(0, zeros: false));
        CollectionAssert.AreEqual(new float[] { 10, 30 }, sample.Sorted(1));
    }

    [TestMethod]
    [DataRow(1_025)]
    [DataRow(50_000)]
    [DataRow(300_001)]
    public void OfManyTheSampleIsSpreadOverAll(int count)
    {
        var sample = new StepSample(1);
        for (int i = 0; i < count; i++)
            sample.Add([(float)i / count]);

        float[] kept = sample.Sorted(0);
        Assert.IsInRange(256, 1_024, kept.Length);
        for (int i = 0; i < kept.Length; i++)
            Assert.AreEqual((i + 0.5) / kept.Length, kept[i], 0.02);
    }

    // Every 64th step alone would say that the channel is constant.
    [TestMethod]
    [DataRow(2)]
    [DataRow(64)]
    [DataRow(7)]
    public void PeriodsOfTheDataAreSampledAtEveryPhase(int period)
    {
        var sample = new StepSample(1);
        for (int i = 0; i < 100_000; i++)
            sample.Add([i % period]);

        float[] kept = sample.Sorted(0);
        Assert.AreEqual((period - 1) / 2.0, kept.Average(), 0.05 * period);
        Assert.HasCount(period, kept.Distinct().ToArray());
    }
}
