using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;
using static Microsoft.ML.NTM.Tests.Kernels.LaneBuffers;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class LinkageTests
{
    [TestMethod]
    public void LinksAndWhereTheyLeadAreTheNestedLoops() => EveryWidth.Run(new Values());

    [TestMethod]
    public void LinkGradientsAreTheNestedLoopsFiniteDifferences() => EveryWidth.Run(new Gradients());

    [TestMethod]
    public void EarlierWritesDoneAgainGiveTheSameBits() => EveryWidth.Run(new EarlierWrites());

    [TestMethod]
    public void RowsAndColumnsOfLinksSumToAtMost1AndTheDiagonalIs0() => EveryWidth.Run(new Invariants());

    private static double[][] Links(Random random, int slots)
    {
        double[][] links = RandomRows(random, slots, slots, 0, 1.0 / slots);
        for (int i = 0; i < slots; i++)
            links[i][i] = 0;
        return links;
    }

    private static LinkWrite Written(PinnedBuffer links, int slots, int n, PinnedBuffer write, PinnedBuffer precedence) => new()
    {
        Links = links.Pointer,
        Slots = slots,
        N = n,
        Write = write.Pointer,
        Precedence = precedence.Pointer,
    };

    private sealed class Values : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int slots in new[] { 1, 2, 3, 7, 15, 16, 17, 33, 64 })
            {
                foreach (int heads in new[] { 1, 3, 4, 6 })
                {
                    var random = new Random(slots * 10 + heads);
                    int n = Padded(slots);
                    double[][] links = Links(random, slots), weightings = RandomRows(random, heads, slots, 0, 1.0 / slots);
                    double[] write = Random(random, slots, 0, 1.0 / slots), precedence = Random(random, slots, 0, 1.0 / slots);
                    double[][] expected = DncReference.Link(links, write, precedence);
                    PinnedBuffer actual = Rows([.. links, .. Enumerable.Repeat(new double[slots], n - slots)]), next = Empty(n, slots);
                    PinnedBuffer forward = Empty(heads, slots), backward = Empty(heads, slots), scratch = Empty(2 * heads, slots);
                    Linkage.Update<V>(Written(actual, slots, n, Row(write), Row(precedence)), next.Pointer);
                    var reads = new LinkReads
                    {
                        Heads = heads,
                        Weightings = Rows(weightings).Pointer,
                        Forward = forward.Pointer,
                        Backward = backward.Pointer,
                    };
                    Linkage.Step<V>(Written(actual, slots, n, Row(write), Row(precedence)), reads, scratch.Pointer);
                    string what = $"{slots} slots, {heads} heads";
                    Same(expected.SelectMany(row => row), TakeRows(actual, slots, slots).SelectMany(row => row), 1e-6, "links, " + what);
                    Same(expected.SelectMany(row => row), TakeRows(next, slots, slots).SelectMany(row => row), 1e-6, "replayed, " + what);
                    for (int head = 0; head < heads; head++)
                    {
                        Same(DncReference.Forward(expected, weightings[head]), Take(forward, slots, head), 1e-6, $"forward {head}, {what}");
                        Same(DncReference.Backward(expected, weightings[head]), Take(backward, slots, head), 1e-6,
                            $"backward {head}, {what}");
                    }
                    PinnedBuffer last = Empty(1, slots);
                    Linkage.Precedence<V>(Row(precedence).Pointer, Row(write).Pointer, n, last.Pointer);
                    Same(DncReference.Precedence(precedence, write), Take(last, slots), 1e-6, "precedence, " + what);
                }
            }
        }
    }

    private sealed class Gradients : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int slots, int heads) in new[] { (1, 1), (2, 4), (5, 5), (6, 2), (17, 1) })
                Step<V>(slots, heads);
        }

        // Unknowns: links, weightings, write weighting, precedence; the loss also sees the links and the precedence that come out.
        private static void Step<V>(int slots, int heads)
            where V : struct, ISimd<V>
        {
            var random = new Random(slots);
            int n = Padded(slots), links = slots * slots, weightings = heads * slots;
            double[] unknowns = Random(random, links + weightings + 2 * slots, 0, 0.5);
            for (int i = 0; i < slots; i++)
                unknowns[i * slots + i] = 0;
            double[][] byForward = RandomRows(random, heads, slots, -1, 1), byBackward = RandomRows(random, heads, slots, -1, 1);
            double[][] byLinks = RandomRows(random, slots, slots, -1, 1);
            double[] byPrecedence = Random(random, slots, -1, 1);
            double[] write = unknowns[(links + weightings)..^slots], precedence = unknowns[^slots..];
            double Loss(double[] x)
            {
                double[] w = x[(links + weightings)..^slots], p = x[^slots..];
                double[][] linked = DncReference.Link(Cut(x[..links], slots), w, p), reads = Cut(x[links..(links + weightings)], heads);
                double loss = ReferenceMath.Dot(DncReference.Precedence(p, w), byPrecedence);
                for (int i = 0; i < slots; i++)
                    loss += ReferenceMath.Dot(linked[i], byLinks[i]);
                for (int head = 0; head < heads; head++)
                {
                    loss += ReferenceMath.Dot(DncReference.Forward(linked, reads[head]), byForward[head]);
                    loss += ReferenceMath.Dot(DncReference.Backward(linked, reads[head]), byBackward[head]);
                }
                return loss;
            }
            double[] expected = FiniteDifferences.Gradient(Loss, unknowns);
            double[][] none = [.. Enumerable.Repeat(new double[slots], n - slots)];
            PinnedBuffer by = Rows([.. byLinks, .. none]), from = Rows([.. Cut(unknowns[..links], slots), .. none]),
                byWrite = Empty(1, slots);
            PinnedBuffer byP = Row(byPrecedence), byW = Empty(heads, slots), scratch = Empty(4 + 4 * heads, slots);
            LinkageGradient.Precedence<V>(Row(precedence).Pointer, Row(write).Pointer, n, byWrite.Pointer, byP.Pointer);
            var byReads = new LinkReads
            {
                Heads = heads,
                Weightings = byW.Pointer,
                Forward = Rows(byForward).Pointer,
                Backward = Rows(byBackward).Pointer,
            };
            LinkageGradient.Step<V>(Written(from, slots, n, Row(write), Row(precedence)), Written(by, slots, n, byWrite, byP),
                Rows(Cut(unknowns[links..(links + weightings)], heads)).Pointer, byReads, scratch.Pointer);
            double[] actual =
            [
                .. TakeRows(by, slots, slots).SelectMany(row => row), .. TakeRows(byW, heads, slots).SelectMany(row => row),
                .. Take(byWrite, slots), .. Take(byP, slots),
            ];
            Same(expected, actual, 1e-5, $"{slots} slots, {heads} heads");
        }
    }

    // Four writes, the links known before all of them or before each.
    private sealed class EarlierWrites : IForWidth
    {
        private const int Writes = 4, Heads = 5;

        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int slots in new[] { 1, 2, 5, 16, 33 })
            {
                var random = new Random(slots);
                int n = Padded(slots);
                double[][] none = [.. Enumerable.Repeat(new double[slots], n - slots)];
                PinnedBuffer first = Rows([.. Links(random, slots), .. none]), replayed = Empty(n, slots);
                PinnedBuffer writes = Rows(RandomRows(random, 2 * Writes, slots, 0, 1.0 / slots)), links = Empty(n, slots);
                first.Span(0, n * n).CopyTo(links.Span(0, n * n));
                double[][] reads = RandomRows(random, 3 * Heads, slots, -1, 1);
                for (int earlier = 0; earlier < Writes; earlier++)
                {
                    LinkWrite at = new()
                    {
                        Links = links.Pointer,
                        Slots = slots,
                        N = n,
                        Write = writes.Pointer + 2 * earlier * n,
                        Precedence = writes.Pointer + (2 * earlier + 1) * n,
                    };
                    LinkWrite since = at with { Links = first.Pointer, Earlier = earlier, Stride = 2 * n };
                    CollectionAssert.AreEqual(Gradient<V>(at, reads), Gradient<V>(since, reads), $"{slots} slots, {earlier} earlier");
                    Linkage.Update<V>(since, replayed.Pointer);
                    Linkage.Step<V>(at, Reads(Rows(reads), n), Empty(2 * Heads, slots).Pointer);
                    CollectionAssert.AreEqual(links.Span(0, slots * n).ToArray(), replayed.Span(0, slots * n).ToArray());
                }
            }
        }

        // All that a step's way back gives, from reads' 3 Heads rows.
        private static float[] Gradient<V>(in LinkWrite written, double[][] reads)
            where V : struct, ISimd<V>
        {
            int slots = written.Slots, n = written.N;
            PinnedBuffer byLinks = Empty(n, slots), byWrites = Empty(2, slots), byReads = Rows(reads), weightings = Rows(reads[..Heads]);
            var byWritten = new LinkWrite
            {
                Links = byLinks.Pointer,
                Slots = slots,
                N = n,
                Write = byWrites.Pointer,
                Precedence = byWrites.Pointer + n,
            };
            LinkageGradient.Step<V>(written, byWritten, weightings.Pointer, Reads(byReads, n), Empty(4 + 4 * Heads, slots).Pointer);
            return [.. byLinks.Span(0, n * n), .. byWrites.Span(0, 2 * n), .. byReads.Span(0, Heads * n)];
        }

        private static LinkReads Reads(PinnedBuffer rows, int n) => new()
        {
            Heads = Heads,
            Weightings = rows.Pointer,
            Forward = rows.Pointer + Heads * n,
            Backward = rows.Pointer + 2 * Heads * n,
        };
    }

    private sealed class Invariants : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            const int Slots = 19;
            int n = Padded(Slots);
            var random = new Random(1);
            PinnedBuffer links = Empty(n, Slots), precedence = Empty(1, Slots);
            for (int step = 0; step < 60; step++)
            {
                // From nearly even to nearly all on one slot, summing to at most 1.
                double[] logits = Random(random, Slots, 0, step % 3 * 8);
                PinnedBuffer write = Row([.. ReferenceMath.Softmax(logits).Select(x => x * random.NextDouble())]);
                Linkage.Update<V>(Written(links, Slots, n, write, precedence), links.Pointer);
                Linkage.Precedence<V>(precedence.Pointer, write.Pointer, n, precedence.Pointer);
                Assert.IsLessThanOrEqualTo(1 + 1e-5, Take(precedence, Slots).Sum());
                double[][] rows = TakeRows(links, Slots, Slots);
                for (int i = 0; i < Slots; i++)
                {
                    Assert.AreEqual(0.0, rows[i][i]);
                    Assert.IsLessThanOrEqualTo(1 + 1e-5, rows[i].Sum());
                    Assert.IsLessThanOrEqualTo(1 + 1e-5, rows.Sum(row => row[i]));
                    Assert.IsGreaterThanOrEqualTo(-1e-6, rows[i].Min());
                }
            }
        }
    }
}
