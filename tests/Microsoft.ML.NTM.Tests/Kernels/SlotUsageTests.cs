using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;
using static Microsoft.ML.NTM.Tests.Kernels.LaneBuffers;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>Usage and retention, the mixtures, de-allocation and masks.</summary>
[TestClass]
public sealed unsafe class SlotUsageTests
{
    [TestMethod]
    public void UsageAndRetentionAndTheirGradientsAreTheNestedLoops() => EveryWidth.Run(new Usages());

    [TestMethod]
    public void MixturesAndTheirGradientsAreTheNestedLoops() => EveryWidth.Run(new Mixtures());

    [TestMethod]
    public void RetainedMemoryAndMaskedNormsAndTheirGradientsAreTheNestedLoops() => EveryWidth.Run(new Memories());

    private sealed class Usages : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int slots, int heads) in new[] { (1, 1), (5, 2), (16, 3), (19, 4) })
            {
                var random = new Random(slots);
                int n = Padded(slots), reads = heads * slots;
                double[] by = Random(random, slots, -1, 1), unknowns = Random(random, reads + heads + 2 * slots, 0, 1);
                double[][] weightings = Cut(unknowns[..reads], heads);
                double[] gates = unknowns[reads..(reads + heads)], usage = unknowns[(reads + heads)..^slots], write = unknowns[^slots..];
                double[] Next(double[] x) => DncReference.Usage(x[(reads + heads)..^slots], x[^slots..],
                    DncReference.Retention(x[reads..(reads + heads)], Cut(x[..reads], heads)));
                PinnedBuffer w = Rows(weightings), f = Row(gates), u = Row(usage), ww = Row(write), retention = Empty(1, slots),
                    next = Empty(1, slots);
                SlotUsage.Retention<V>(w.Pointer, f.Pointer, heads, n, retention.Pointer);
                SlotUsage.Next<V>(u.Pointer, ww.Pointer, retention.Pointer, n, next.Pointer);
                Same(DncReference.Retention(gates, weightings), Take(retention, slots), 1e-6, "retention");
                Same(Next(unknowns), Take(next, slots), 1e-6, "usage");
                Assert.IsTrue(Take(next, slots).All(x => x is >= 0 and <= 1 + 1e-6));

                double[] expected = FiniteDifferences.Gradient(x => ReferenceMath.Dot(Next(x), by), unknowns);
                PinnedBuffer byUsage = Row(by), byWrite = Empty(1, slots), byRetention = Empty(1, slots), byW = Empty(heads, slots),
                    byF = Empty(1, heads);
                SlotUsage.NextBackward<V>(byUsage.Pointer, u.Pointer, ww.Pointer, retention.Pointer, n, byWrite.Pointer,
                    byRetention.Pointer);
                SlotUsage.RetentionBackward<V>(byRetention.Pointer, w.Pointer, f.Pointer, heads, n, byW.Pointer, byF.Pointer);
                Same(expected,
                    [.. TakeRows(byW, heads, slots).SelectMany(row => row), .. Take(byF, heads), .. Take(byUsage, slots),
                        .. Take(byWrite, slots)], 1e-5,
                    $"{slots} slots, {heads} heads");
            }
        }
    }

    private sealed class Mixtures : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int slots in new[] { 1, 5, 16, 33 })
            {
                var random = new Random(slots);
                int n = Padded(slots);
                double[] by = Random(random, slots, -1, 1), unknowns = Random(random, 3 * slots + 3, 0, 1);
                double[][] parts = Cut(unknowns[..^3], 3);
                double[] Read(double[] x) =>
                    [.. Enumerable.Range(0, slots).Select(i => x[^3] * x[i] + x[^2] * x[slots + i] + x[^1] * x[2 * slots + i])];
                PinnedBuffer b = Row(parts[0]), c = Row(parts[1]), f = Row(parts[2]), modes = Row(unknowns[^3..]), result = Empty(1, slots);
                var sources = new ReadSources(b.Pointer, c.Pointer, f.Pointer);
                Mixture.Read<V>(sources, modes.Pointer, n, result.Pointer);
                Same(Read(unknowns), Take(result, slots), 1e-6, "read weighting");
                PinnedBuffer byB = Empty(1, slots), byC = Empty(1, slots), byF = Empty(1, slots), byModes = Empty(1, 3);
                Mixture.ReadBackward<V>(Row(by).Pointer, sources, modes.Pointer, n, new ReadSources(byB.Pointer, byC.Pointer, byF.Pointer),
                    byModes.Pointer);
                Same(FiniteDifferences.Gradient(x => ReferenceMath.Dot(Read(x), by), unknowns),
                    [.. Take(byB, slots), .. Take(byC, slots), .. Take(byF, slots), .. Take(byModes, 3)], 1e-5, $"read, {slots} slots");

                double[] writes = unknowns[..(2 * slots + 2)];
                double[] Write(double[] x) => DncReference.WriteWeighting(x[^1], x[^2], x[..slots], x[slots..(2 * slots)]);
                var gates = new WriteGates((float)writes[^2], (float)writes[^1]);
                Mixture.Write<V>(b.Pointer, c.Pointer, gates, n, result.Pointer);
                Same(Write(writes), Take(result, slots), 1e-6, "write weighting");
                WriteGates byGates = Mixture.WriteBackward<V>(Row(by).Pointer, b.Pointer, c.Pointer, gates, n, byB.Pointer, byC.Pointer);
                Same(FiniteDifferences.Gradient(x => ReferenceMath.Dot(Write(x), by), writes),
                    [.. Take(byB, slots), .. Take(byC, slots), byGates.Allocation, byGates.Write], 1e-5, $"write, {slots} slots");
            }
        }
    }

    // Memory is [M][n] here and [M, N] in the loops.
    private sealed class Memories : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int slots, int width) in new[] { (1, 1), (5, 3), (18, 4) })
            {
                var random = new Random(slots);
                int n = Padded(slots), length = slots * width;
                double[] retained = Random(random, length + slots, 0.1, 1), by = Random(random, length, -1, 1);
                double[] Retain(double[] x) => [.. Enumerable.Range(0, length).Select(i => x[i] * x[length + i % slots])];
                PinnedBuffer memory = Rows(Cut(retained[..length], width)), retention = Row(retained[length..]), to = Empty(width, slots);
                SlotRetention.Retain<V>(memory.Pointer, retention.Pointer, width, n, to.Pointer);
                Same(Retain(retained), TakeRows(to, width, slots).SelectMany(row => row), 1e-6, "retained");
                PinnedBuffer byMemory = Rows(Cut(by, width)), byRetention = Empty(1, slots);
                SlotRetention.RetainBackward<V>(memory.Pointer, retention.Pointer, width, n, byMemory.Pointer, byRetention.Pointer);
                Same(FiniteDifferences.Gradient(x => ReferenceMath.Dot(Retain(x), by), retained),
                    [.. TakeRows(byMemory, width, slots).SelectMany(row => row), .. Take(byRetention, slots)], 1e-5, "retained, gradient");

                double[] masked = Random(random, length + width, 0.1, 1), byNorms = Random(random, slots, -1, 1);
                double[] Norms(double[] x) =>
                    [.. Enumerable.Range(0, slots)
                        .Select(i => Math.Sqrt(Enumerable.Range(0, width).Sum(m => x[length + m] * x[m * slots + i] * x[m * slots + i])))];
                PinnedBuffer slotsOf = Rows(Cut(masked[..length], width)), squares = Row(masked[length..]), norms = Empty(1, slots);
                MaskedNorms.Norms<V>(slotsOf.Pointer, squares.Pointer, width, n, norms.Pointer);
                Same(Norms(masked), Take(norms, slots), 1e-6, "norms");
                PinnedBuffer over = Row([.. byNorms.Zip(Norms(masked), (a, b) => a / b)]), bySlots = Empty(width, slots),
                    bySquares = Empty(1, width);
                MaskedNorms.NormsBackward<V>(slotsOf.Pointer, squares.Pointer, over.Pointer, width, n, bySlots.Pointer, bySquares.Pointer);
                Same(FiniteDifferences.Gradient(x => ReferenceMath.Dot(Norms(x), byNorms), masked),
                    [.. TakeRows(bySlots, width, slots).SelectMany(row => row), .. Take(bySquares, width).Select(by => by / 2)], 1e-5,
                    "norms, gradient");
            }
        }
    }
}
