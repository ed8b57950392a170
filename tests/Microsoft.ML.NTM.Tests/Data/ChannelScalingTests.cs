using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class ChannelScalingTests
{
    [TestMethod]
    public void EachChannelHasItsOwnCenterAndDeviation()
    {
        var scaling = new ChannelScaling([100, 0], [10, 1]);
        float[] z = new float[4];
        scaling.Apply([120, -3.5f, float.NaN, 1e30f], z);

        CollectionAssert.AreEqual(new[] { 2f, -3.5f, float.NaN, 1e30f }, z);
        scaling.Undo(z, z);
        CollectionAssert.AreEqual(new[] { 120f, -3.5f, float.NaN, 1e30f }, z);
    }

    [TestMethod]
    public void BeyondTheLimitTheLogarithmGoesOnWithoutAStep()
    {
        var scaling = new ChannelScaling([0], [1], Limit: 10);
        float[] z = new float[6];
        scaling.Apply([10, -10.001f, 11, -11, float.MaxValue, float.MinValue], z);

        Assert.AreEqual(10, z[0]);
        Assert.AreEqual(-10.001f, z[1], 1e-5f);
        Assert.AreEqual(10 + MathF.Log(2), z[2], 1e-5f);
        Assert.AreEqual(-z[2], z[3]);
        Assert.AreEqual(10 + 88.7228f, z[4], 1e-3f);
        Assert.AreEqual(-z[4], z[5]);
    }

    [TestMethod]
    public void ScalingsWithTheSameNumbersAreEqual()
    {
        var scaling = new ChannelScaling([1, 2], [3, 4], 10);
        Assert.AreEqual(scaling, new ChannelScaling([1, 2], [3, 4], 10));
        Assert.AreEqual(scaling.GetHashCode(), new ChannelScaling([1, 2], [3, 4], 10).GetHashCode());
        foreach (ChannelScaling other in new ChannelScaling[] { new([1, 3], [3, 4], 10), new([1, 2], [3, 5], 10), new([1, 2], [3, 4]) })
            Assert.AreNotEqual(scaling, other);
    }

    [TestMethod]
    public void OnlyFiniteCentersAndPositiveDeviationsFit()
    {
        Assert.IsTrue(new ChannelScaling([1, 2], [3, 4], 10).Fits(2));
        Assert.IsTrue(new ChannelScaling([1, 2], [3, 4], 1).Fits(2));
        foreach (ChannelScaling bad in new ChannelScaling[]
        {
            new([1], [3, 4]), new([1, 2], [3]), new([1, float.NaN], [3, 4]), new([1, 2], [0, 4]), new([1, 2], [3, -4]),
            new([1, 2], [3, float.PositiveInfinity]), new([1, 2], [3, 4], 0), new([1, 2], [3, 4], float.NaN),
            new([1, 2], [3, 4], float.PositiveInfinity),
        })
        {
            Assert.IsFalse(bad.Fits(2));
        }
    }
}
