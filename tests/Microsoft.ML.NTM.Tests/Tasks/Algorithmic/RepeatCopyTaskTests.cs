namespace Microsoft.ML.NTM.Tests.Tasks.Algorithmic;

[TestClass]
public sealed class RepeatCopyTaskTests
{
    [TestMethod]
    public void VectorsAreSaidAsOftenAsTheCountAsksAndThenTheEndIsMarked()
    {
        foreach (TaskSequence row in new RepeatCopyTask(seed: 1).Rows(200))
        {
            int length = Enumerable.Range(0, row.OutputLength).First(t => row.Features[t * 10 + 8] == 1);
            float count = row.Features[(length + 1) * 10 + 9];
            int repeats = (int)Math.Round(count * Math.Sqrt(8.25) + 5.5);
            Assert.AreEqual((repeats - 5.5) / Math.Sqrt(8.25), count, 1e-6);
            Assert.IsInRange(1, 10, length);
            Assert.IsInRange(1, 10, repeats);
            Assert.AreEqual(length + 2 + length * repeats + 1, row.OutputLength);

            for (int t = 0; t < row.OutputLength; t++)
            {
                float[] input = row.Features[(t * 10)..(t * 10 + 10)];
                float[] label = row.Label[(t * 9)..(t * 9 + 9)];
                if (t >= length + 2)
                    Assert.IsTrue(input.All(x => x == 0), "the answer gets no input");
                if (t < length + 2)
                    Assert.IsTrue(label.All(float.IsNaN), "nothing is scored before the answer");
                else if (t == row.OutputLength - 1)
                    CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 0, 0, 0, 1 }, label);
                else
                {
                    int source = (t - length - 2) % length;
                    CollectionAssert.AreEqual(row.Features[(source * 10)..(source * 10 + 8)], label[..8]);
                    Assert.AreEqual(0f, label[8]);
                }
            }
        }
    }

    [TestMethod]
    public void CountsBeyondTheTrainingRangeKeepTheScaleOfThePaper()
    {
        TaskSequence row = new RepeatCopyTask(minLength: 1, maxLength: 1, minRepeats: 20, maxRepeats: 20, seed: 1).Row(0);
        Assert.AreEqual(14.5 / Math.Sqrt(8.25), row.Features[2 * 10 + 9], 1e-6);
    }
}
