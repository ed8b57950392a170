using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class WeightingTests
{
    private static readonly SharpeningEpsilons s_before = SharpeningEpsilons.BeforePower(1e-6f),
        s_after = SharpeningEpsilons.AfterPower(0.01f);

    private static readonly NetworkSpec s_afterPower = new()
    {
        SharpeningEpsilon = 0.01f,
        SharpeningEpsilonPlace = SharpeningEpsilonPlace.AfterPower,
    };

    private const int Largest = 70;

    [TestMethod]
    public void AddressingIsTheNestedLoopsForEveryNumberOfSlots() => EveryWidth.Run(new Values());

    [TestMethod]
    public void AddressingGradientsAreTheNestedLoopsFiniteDifferences() => EveryWidth.Run(new Gradients());

    // Numbers at the start of a zeroed buffer, where kernels find whole vectors.
    private static PinnedBuffer Buffer(double[] values, int shift = 0)
    {
        var buffer = KeptBuffers.New(4 * Largest);
        for (int i = 0; i < values.Length; i++)
            buffer.Pointer[shift + i] = (float)values[i];
        return buffer;
    }

    private static double[] Take(PinnedBuffer buffer, int count, int shift = 0) =>
        [.. Enumerable.Range(0, count).Select(i => (double)buffer.Pointer[shift + i])];

    private static double[] Random(Random random, int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(_ => (double)(float)(low + (high - low) * random.NextDouble()))];

    private static void Same(double[] expected, double[] actual, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what}[{i}]");
    }

    private static PinnedBuffer Mask(int slots) => Buffer([.. Enumerable.Repeat(1.0, slots)]);

    private static int Padded(int slots) => (slots + 15) / 16 * 16;

    private sealed class Values : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            for (int slots = 1; slots <= Largest; slots++)
            {
                var random = new Random(slots);
                int n = Padded(slots), range = Math.Min(slots - 1, 6) / 2;
                PinnedBuffer mask = Mask(slots), result = KeptBuffers.New(2 * Largest), circle = KeptBuffers.New(4 * Largest);
                double[] cosines = Random(random, slots, -1, 1), previous = Random(random, slots, 0, 1),
                    shift = Random(random, 2 * range + 1, 0, 1);
                double[] content = ReferenceMath.Softmax([.. cosines.Select(x => 3.5f * x)]);
                Weighting.Content<V>(Buffer(cosines).Pointer, 3.5f, mask.Pointer, n, result.Pointer);
                Same([.. content, .. new double[n - slots]], Take(result, n), 1e-6, $"content {slots}");

                double[] gated = NtmReference.Interpolate(content, previous, 0.3f);
                Weighting.Interpolate<V>(result.Pointer, Buffer(previous).Pointer, 0.3f, n, circle.Pointer + range);
                Same(gated, Take(circle, slots, range), 1e-6, $"gated {slots}");

                Weighting.CloseCircle(circle.Pointer, slots, range);
                double[] shifted = NtmReference.Shift(gated, shift);
                Weighting.Shift<V>(circle.Pointer, new ShiftDistribution(Buffer(shift).Pointer, range), mask.Pointer, n, result.Pointer);
                Same([.. shifted, .. new double[n - slots]], Take(result, n), 1e-6, $"shifted {slots}");

                PinnedBuffer sharp = KeptBuffers.New(2 * Largest);
                Weighting.Sharpen<V>(result.Pointer, 4.5f, s_before, mask.Pointer, n, sharp.Pointer);
                Same([.. NtmReference.Sharpen(shifted, 4.5f), .. new double[n - slots]], Take(sharp, n), 4e-6, $"sharpened {slots}");
                Weighting.Sharpen<V>(result.Pointer, 4.5f, s_after, mask.Pointer, n, sharp.Pointer);
                Same([.. NtmReference.Sharpen(shifted, 4.5f, s_afterPower), .. new double[n - slots]], Take(sharp, n), 4e-6,
                    $"sharpened {slots}");
            }
        }
    }

    private sealed class Gradients : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int slots in new[] { 1, 2, 5, 16, 19, 33 })
            {
                Sharpening<V>(slots, s_before, new NetworkSpec());
                Sharpening<V>(slots, s_after, s_afterPower);
                Shifting<V>(slots);
                Content<V>(slots);
            }
        }

        private static void Sharpening<V>(int slots, SharpeningEpsilons epsilons, NetworkSpec spec)
            where V : struct, ISimd<V>
        {
            var random = new Random(slots);
            double[] shifted = Random(random, slots, 0.05, 1), by = Random(random, slots, -1, 1);
            double Loss(double[] x) => ReferenceMath.Dot(NtmReference.Sharpen(x[..slots], x[slots], spec), by);
            double[] expected = FiniteDifferences.Gradient(Loss, [.. shifted, 2.5]);
            int n = Padded(slots);
            PinnedBuffer from = Buffer(shifted), weighting = KeptBuffers.New(2 * Largest), byShifted = KeptBuffers.New(2 * Largest);
            Weighting.Sharpen<V>(from.Pointer, 2.5f, epsilons, Mask(slots).Pointer, n, weighting.Pointer);
            float byGamma = WeightingGradient.Sharpen<V>(from.Pointer, weighting.Pointer, Buffer(by).Pointer, 2.5f, epsilons, n,
                byShifted.Pointer);
            Same(expected, [.. Take(byShifted, slots), byGamma], 1e-5, $"sharpen {slots}");
        }

        private static void Shifting<V>(int slots)
            where V : struct, ISimd<V>
        {
            var random = new Random(slots);
            int n = Padded(slots), range = Math.Min(slots - 1, 4) / 2, shifts = 2 * range + 1;
            double[] gated = Random(random, slots, 0, 1), shift = Random(random, shifts, 0, 1), by = Random(random, slots, -1, 1);
            double Loss(double[] x) => ReferenceMath.Dot(NtmReference.Shift(x[..slots], x[slots..]), by);
            double[] expected = FiniteDifferences.Gradient(Loss, [.. gated, .. shift]);
            PinnedBuffer circle = Buffer(gated, range), byCircle = Buffer(by, range), byGated = KeptBuffers.New(2 * Largest),
                byShift = KeptBuffers.New(2 * Largest);
            Weighting.CloseCircle(circle.Pointer, slots, range);
            Weighting.CloseCircle(byCircle.Pointer, slots, range);
            WeightingGradient.Shift<V>(circle.Pointer, byCircle.Pointer, new ShiftDistribution(Buffer(shift).Pointer, range),
                Mask(slots).Pointer, n, byGated.Pointer, byShift.Pointer);
            Same(expected, [.. Take(byGated, slots), .. Take(byShift, shifts)], 1e-5, $"shift {slots}");
        }

        private static void Content<V>(int slots)
            where V : struct, ISimd<V>
        {
            var random = new Random(slots);
            int n = Padded(slots);
            double[] dots = Random(random, slots, -1, 1), norms = Random(random, slots, 0.5, 2), by = Random(random, slots, -1, 1);
            double[] previous = Random(random, slots, 0, 1);
            double Loss(double[] x)
            {
                double[] cosines = [.. Enumerable.Range(0, slots).Select(i => x[i] / (x[2 * slots] * x[slots + i] + NtmReference.Epsilon))];
                double[] content = ReferenceMath.Softmax([.. cosines.Select(c => x[2 * slots + 1] * c)]);
                return ReferenceMath.Dot(NtmReference.Interpolate(content, x[(2 * slots + 3)..], x[2 * slots + 2]), by);
            }
            double[] expected = FiniteDifferences.Gradient(Loss, [.. dots, .. norms, 1.5, 2.5, 0.25, .. previous]);
            PinnedBuffer lengths = Buffer(norms), cosine = KeptBuffers.New(2 * Largest), content = KeptBuffers.New(2 * Largest),
                byPrevious = KeptBuffers.New(2 * Largest);
            PinnedBuffer byContent = KeptBuffers.New(2 * Largest), byCosines = KeptBuffers.New(2 * Largest),
                byDots = KeptBuffers.New(2 * Largest), byNorms = KeptBuffers.New(2 * Largest);
            Weighting.Cosines<V>(Buffer(dots).Pointer, lengths.Pointer, 1.5f, n, cosine.Pointer);
            Weighting.Content<V>(cosine.Pointer, 2.5f, Mask(slots).Pointer, n, content.Pointer);
            float byGate = WeightingGradient.Interpolate<V>(Buffer(by).Pointer, content.Pointer, Buffer(previous).Pointer, 0.25f, n,
                byContent.Pointer, byPrevious.Pointer);
            float byStrength = WeightingGradient.Content<V>(byContent.Pointer, content.Pointer, cosine.Pointer, 2.5f, n, byCosines.Pointer);
            float byKey = WeightingGradient.Cosines<V>(byCosines.Pointer, cosine.Pointer, lengths.Pointer, 1.5f, n, byDots.Pointer,
                byNorms.Pointer);
            // The kernel's factor of a slot's numbers is its norm's derivative over the norm.
            double[] norm = [.. Take(byNorms, slots).Select((x, i) => x * norms[i])];
            Same(expected, [.. Take(byDots, slots), .. norm, byKey, byStrength, byGate, .. Take(byPrevious, slots)], 1e-5,
                $"content {slots}");
        }
    }
}
