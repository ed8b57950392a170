namespace Microsoft.ML.NTM.Tests.Tasks.Algorithmic;

[TestClass]
public sealed class PrioritySortTaskTests
{
    [TestMethod]
    public void TheAnswerIsTheBestRowsInDescendingOrder()
    {
        foreach (TaskSequence row in new PrioritySortTask(seed: 1).Rows(50))
        {
            float[][] inputs = [.. row.Features.Chunk(9)];
            float[][] answers = [.. row.Label.Chunk(8)];
            Assert.HasCount(20, inputs);
            Assert.HasCount(16, answers);
            Assert.IsTrue(inputs.All(step => step[8] is >= -1 and <= 1));

            Array.Sort(inputs, (a, b) => b[8].CompareTo(a[8]));
            for (int i = 0; i < 16; i++)
                CollectionAssert.AreEqual(inputs[i][..8], answers[i], $"answer {i}");
        }
    }

    [TestMethod]
    public void PrioritiesAreUniformAroundZero()
    {
        IEnumerable<float[]> steps = new PrioritySortTask(seed: 2).Rows(1_000).SelectMany(row => row.Features.Chunk(9));
        float[] priorities = [.. steps.Select(step => step[8])];
        Assert.AreEqual(0, priorities.Average(), 0.02);
        Assert.AreEqual(1.0 / 3, priorities.Average(x => x * x), 0.02);
    }

    [TestMethod]
    public void MoreAnswersThanRowsAreRefused() =>
        Assert.AreEqual("answers",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PrioritySortTask(items: 4, answers: 5)).ParamName);
}
