using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class SeededRandomTests
{
    // SplitMix64 from 0 gives the state e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec (its published test vector);
    // the expected outputs follow from the recurrence of xoshiro256** written out by big-integer arithmetic.
    [TestMethod]
    public void OutputsAreThoseOfTheReferenceRecurrence()
    {
        System.Numerics.BigInteger[] s = [0xe220a8397b1dcdafUL, 0x6e789e6aa1b965f4UL, 0x06c45d188009454fUL, 0xf88bb8a8724c81ecUL];
        System.Numerics.BigInteger word = System.Numerics.BigInteger.One << 64;
        System.Numerics.BigInteger Rotate(System.Numerics.BigInteger value, int by) => ((value << by) | (value >> (64 - by))) % word;

        var random = new SeededRandom(0);
        for (int i = 0; i < 1000; i++)
        {
            System.Numerics.BigInteger expected = Rotate(s[1] * 5 % word, 7) * 9 % word;
            System.Numerics.BigInteger shifted = (s[1] << 17) % word;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= shifted;
            s[3] = Rotate(s[3], 45);
            Assert.AreEqual((ulong)expected, random.NextUInt64());
        }
    }

    [TestMethod]
    public void NamesGiveStreamsOfTheirOwn()
    {
        ulong first = new SeededRandom(1, "a").NextUInt64();
        Assert.AreEqual(first, new SeededRandom(1, "a").NextUInt64());
        Assert.AreNotEqual(first, new SeededRandom(1, "b").NextUInt64());
        Assert.AreNotEqual(first, new SeededRandom(2, "a").NextUInt64());
    }

    [TestMethod]
    public void IntegersAreUniform()
    {
        var random = new SeededRandom(3);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[random.NextInt(7)]++;
        foreach (int count in counts)
            Assert.AreEqual(10_000, count, 500);
    }

    [TestMethod]
    public void RealsFillTheirInterval()
    {
        var random = new SeededRandom(4);
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextSymmetric(2))];
        Assert.IsTrue(values.Min() is >= -2 and < -1.99 && values.Max() is < 2 and > 1.99);
        Assert.AreEqual(0, values.Average(), 0.05);
        Assert.AreEqual(4.0 / 3, values.Select(value => value * value).Average(), 0.05);
    }
}
