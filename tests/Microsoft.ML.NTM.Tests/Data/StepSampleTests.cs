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

    // Those of the first n whose place, the fraction of i times the golden ratio, lies below 1 / 2^b for the least b with few enough.
    [TestMethod]
    public void WhatIsKeptFollowsFromThePlacesAlone()
    {
        const int Capacity = 1_024;
        var sample = new StepSample(1);
        var places = new List<double>();
        for (int i = 0; i < 20_000; i++)
        {
            sample.Add([i]);
            places.Add(unchecked((ulong)i * 0x9E3779B97F4A7C15) / Math.Pow(2, 64));
            if (i % 997 != 0)
                continue;
            double below = 1;
            while (places.Count(place => place < below) > Capacity)
                below /= 2;
            CollectionAssert.AreEqual(
                Enumerable.Range(0, i + 1).Where(each => places[each] < below).Select(each => (float)each).ToArray(), sample.Sorted(0));
        }
    }

    [TestMethod]
    public void OfWideStepsFewerAreKept()
    {
        const int Channels = 1 << 16;
        var sample = new StepSample(Channels);
        float[] step = new float[Channels];
        for (int i = 0; i < 200; i++)
            sample.Add(step);

        Assert.IsInRange(32, 64, sample.Sorted(Channels - 1).Length);
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
