namespace Microsoft.ML.NTM.Tests.Tasks.Algorithmic;

[TestClass]
public sealed class CopyTaskTests
{
    [TestMethod]
    public void TheAnswerIsTheInput()
    {
        foreach (TaskSequence row in new CopyTask(seed: 1).Rows(50))
        {
            CollectionAssert.AreEqual(row.Features, row.Label);
            Assert.AreNotSame(row.Features, row.Label);
            Assert.AreEqual(row.OutputLength * 8, row.Label.Length);
            Assert.IsTrue(row.Features.All(bit => bit is 0f or 1f));
        }
    }

    [TestMethod]
    public void LengthsAreUniformWithBothEndsIncluded()
    {
        int[] counts = new int[21];
        foreach (TaskSequence row in new CopyTask(seed: 2).Rows(20_000))
            counts[row.OutputLength]++;

        Assert.AreEqual(0, counts[0]);
        foreach (int count in counts.Skip(1)) // 1000 expected, standard deviation 31
            Assert.IsInRange(850, 1150, count);
    }

    [TestMethod]
    public void BitsAreFair()
    {
        double ones = 0, all = 0;
        foreach (TaskSequence row in new CopyTask(seed: 3).Rows(2_000))
        {
            ones += row.Features.Sum();
            all += row.Features.Length;
        }
        Assert.AreEqual(0.5, ones / all, 0.01); // 168,000 bits: standard deviation 0.0012
    }

    [TestMethod]
    public void ImpossibleSizesAreRefusedByName()
    {
        Assert.AreEqual("minLength", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CopyTask(minLength: 0)).ParamName);
        Assert.AreEqual("maxLength", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CopyTask(5, 4)).ParamName);
        Assert.AreEqual("bits", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CopyTask(bits: 0)).ParamName);
    }
}
