using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;
using static Microsoft.ML.NTM.Tests.Kernels.LaneBuffers;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class AllocationTests
{
    [TestMethod]
    public void AllocationIsTheNestedLoopsTiesAndZerosIncluded()
    {
        for (int slots = 1; slots <= 40; slots++)
        {
            var random = new Random(slots);
            double[][] usages =
            [
                Random(random, slots, 0, 1), new double[slots], [.. Enumerable.Repeat(0.5, slots)], [.. Enumerable.Repeat(1.0, slots)],
                [.. Enumerable.Range(0, slots).Select(i => i % 3 * 0.25)],
                    [.. Enumerable.Range(0, slots).Select(i => i % 2 == 0 ? -0.0 : 0.0)],
            ];
            foreach (double[] usage in usages)
            {
                int[] order = Order(usage);
                CollectionAssert.AreEqual(Enumerable.Range(0, slots).OrderBy(i => usage[i] + 0.0).ToArray(), order);
                double[] actual = Allocate(usage, order);
                Same(DncReference.Allocation(usage), actual, 1e-6, $"{slots} slots");
                Assert.IsLessThanOrEqualTo(1 + 1e-5, actual.Sum());
                Assert.IsGreaterThanOrEqualTo(0, actual.Min());
            }
        }
    }

    [TestMethod]
    public void TheOrderIsTheSameWhateverOrderItStartsFrom()
    {
        foreach (int slots in new[] { 1, 2, 17, 130, 300 })
        {
            var random = new Random(slots);
            double[] usage = [.. Enumerable.Range(0, slots).Select(i => (double)(float)Math.Round(random.NextDouble(), 2))];
            int[] expected = Order(usage), backwards = [.. expected.Reverse()], shuffled = [.. expected], nearly = [.. expected];
            random.Shuffle(shuffled);
            (nearly[0], nearly[^1]) = (nearly[^1], nearly[0]);
            CollectionAssert.AreEqual(Enumerable.Range(0, slots).OrderBy(i => usage[i]).ToArray(), expected);
            foreach (int[] order in (int[][])[[.. expected], backwards, shuffled, nearly])
            {
                Allocation.Order(Row(usage).Pointer, order, new ulong[slots]);
                CollectionAssert.AreEqual(expected, order, $"{slots} slots");
            }
        }
    }

    [TestMethod]
    public void SlightlyNegativeUsagesComeFirst() => CollectionAssert.AreEqual(new[] { 2, 1, 0, 3 }, Order([0, -1e-8, -1e-7, 0.5]));

    [TestMethod]
    public void AllocationGradientsAreTheNestedLoopsFiniteDifferences()
    {
        foreach (int slots in new[] { 1, 2, 5, 17 })
        {
            var random = new Random(slots);
            // Far enough apart for a difference not to change the order; one is full, one all but empty.
            double[] usage = [.. Enumerable.Range(0, slots).Select(i => (double)(float)((i * 7 % slots + 0.01) / slots)).Reverse()];
            double[] by = Random(random, slots, -1, 1);
            double[] expected = FiniteDifferences.Gradient(x => ReferenceMath.Dot(DncReference.Allocation(x), by), usage);
            Same(expected, Backward(usage, by), 1e-5, $"{slots} slots");
        }
    }

    [TestMethod]
    public void ZeroUsagesHaveFiniteGradients()
    {
        foreach (double usage in new[] { 0.0, 1.0 })
            Assert.IsTrue(Backward([.. Enumerable.Repeat(usage, 20)], [.. Enumerable.Repeat(1.0, 20)]).All(double.IsFinite));
    }

    private static int[] Order(double[] usage)
    {
        int[] order = [.. Enumerable.Range(0, usage.Length)];
        Allocation.Order(Row(usage).Pointer, order, new ulong[usage.Length]);
        return order;
    }

    private static double[] Allocate(double[] usage, int[] order)
    {
        PinnedBuffer buffer = Row(usage), allocation = Empty(1, usage.Length);
        fixed (int* by = order)
            Allocation.Weighting(buffer.Pointer, by, usage.Length, allocation.Pointer);
        return Take(allocation, usage.Length);
    }

    private static double[] Backward(double[] usage, double[] by)
    {
        PinnedBuffer buffer = Row(usage), byAllocation = Row(by), products = Empty(1, usage.Length), byUsage = Empty(1, usage.Length);
        fixed (int* order = Order(usage))
            Allocation.Backward(buffer.Pointer, order, usage.Length, byAllocation.Pointer, products.Pointer, byUsage.Pointer);
        return Take(byUsage, usage.Length);
    }
}
