namespace Microsoft.ML.NTM.Tests.Tasks.Algorithmic;

[TestClass]
public sealed class DynamicNGramsTaskTests
{
    [TestMethod]
    public void TheInputIsTheBitBefore()
    {
        TaskSequence row = new DynamicNGramsTask(seed: 1).Row(0);
        Assert.HasCount(200, row.Label);
        Assert.AreEqual(0f, row.Features[0]);
        CollectionAssert.AreEqual(row.Label[..199], row.Features[1..]);
    }

    [TestMethod]
    public void TheOptimalPredictorPaysWhatThePaperSays()
    {
        double[] bits = [.. new DynamicNGramsTask(seed: 1).Rows(4_000).Select(row => DynamicNGramsTask.OptimalBits(row.Label))];
        double mean = bits.Average();
        double deviation = Math.Sqrt(bits.Average(x => (x - mean) * (x - mean)));
        Assert.AreEqual(133.7, mean, 2.0); // standard error 0.6
        Assert.AreEqual(36, deviation, 4);
    }

    [TestMethod]
    public void TheOptimalPredictorCountsPerContext()
    {
        // Contexts of one bit. 1 | after 1: 1, 0 | after 0: 1 | after 1.
        double[] predictions = DynamicNGramsTask.OptimalPredictions([1, 1, 0, 1, 1], contextLength: 1);
        double[] expected = [0.5, 0.5 / 1, 1.5 / 2, 0.5 / 1, 1.5 / 3];
        for (int t = 0; t < expected.Length; t++)
            Assert.AreEqual(expected[t], predictions[t], 1e-12, $"bit {t}");
    }

    [TestMethod]
    public void NoFixedPredictionBeatsTheOptimalOne()
    {
        double optimal = 0, frequency = 0;
        foreach (TaskSequence row in new DynamicNGramsTask(seed: 3).Rows(500))
        {
            optimal += DynamicNGramsTask.OptimalBits(row.Label);
            double ones = 0.5;
            for (int t = 0; t < row.Label.Length; t++)
            {
                frequency -= Math.Log2(row.Label[t] == 1 ? ones / (t + 1) : 1 - ones / (t + 1));
                ones += row.Label[t];
            }
        }
        Assert.IsLessThan(frequency, optimal);
    }

    [TestMethod]
    public void ShortOrContextlessSequencesAreRefused()
    {
        Assert.AreEqual("length", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DynamicNGramsTask(length: 5)).ParamName);
        Assert.AreEqual("contextLength",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DynamicNGramsTask.OptimalPredictions([1], 0)).ParamName);
    }
}
