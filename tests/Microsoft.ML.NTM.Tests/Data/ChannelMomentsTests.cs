using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class ChannelMomentsTests
{
    [TestMethod]
    public void MomentsAreThoseOfTheTextbookHoweverTheValuesCome()
    {
        var random = new Random(1);
        float[][] steps = [.. Enumerable.Range(0, 500).Select(_ =>
            new[] { random.NextSingle() * 6 - 3, 1e6f + random.NextSingle(), random.Next(3) == 0 ? float.NaN : random.Next(3) })];
        var moments = new ChannelMoments(3);
        moments.Add(steps[0]);
        moments.Add([.. steps[1..7].SelectMany(step => step)]);
        moments.Add([.. steps[7..].SelectMany(step => step)]);

        for (int channel = 0; channel < 3; channel++)
        {
            double[] values = [.. steps.Select(step => (double)step[channel]).Where(value => !double.IsNaN(value))];
            double mean = values.Average();
            Assert.AreEqual(values.Length, moments.Count(channel));
            Assert.AreEqual(values.Count(value => value == 0), moments.Zeros(channel));
            Assert.AreEqual(mean, moments.Mean(channel), 1e-12 * Math.Abs(mean));
            Assert.AreEqual(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), moments.Deviation(channel), 1e-7);
            Assert.AreEqual(Math.Sqrt(values.Where(value => value != 0).Average(value => value * value)),
                moments.RootMeanSquareOfOthers(channel), 1e-7 * Math.Abs(mean));
            Assert.AreEqual(values.Max(Math.Abs), moments.Largest(channel));
        }
    }

    [TestMethod]
    public void NothingIsMeasuredOfNothing()
    {
        var moments = new ChannelMoments(1);
        moments.Add([float.NaN]);
        moments.Add([]);

        Assert.AreEqual((0L, 0d, 0d, 0d, 0f),
            (moments.Count(0), moments.Mean(0), moments.Deviation(0), moments.RootMeanSquareOfOthers(0), moments.Largest(0)));
    }

    [TestMethod]
    public void LargestNumbersDoNotOverflow()
    {
        var moments = new ChannelMoments(1);
        moments.Add([float.MaxValue, float.MinValue, float.MaxValue, float.MinValue]);

        Assert.AreEqual(float.MaxValue, moments.Deviation(0), 1e30);
    }
}
