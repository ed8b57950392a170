using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Tests.References;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class AddressingTests
{
    private const int Rows = 2, Heads = 3, Slots = 6, Width = 4;
    private const double Tolerance = 1e-13;

    [TestMethod]
    public void ContentWeightingIsTheSoftmaxOfScaledCosines()
    {
        using var scope = Seeded(1);
        Tensor memory = Normal(Rows, Slots, Width), key = Normal(Rows, Heads, Width), strength = Positive(Rows, Heads, 1) * 5;
        memory[0, 2] = 0; // an empty slot
        key[1, 1] = 0;    // an empty key
        Tensor weighting = Addressing.ContentWeighting(memory, key, strength);
        ForEachHead((row, head) => AreEqual(
            NtmReference.ContentWeighting(Matrix(memory[row]), Vector(key[row, head]), strength[row, head, 0].item<double>()),
            weighting[row, head]));
    }

    [TestMethod]
    public void InterpolationMixesContentAndTheLastWeighting()
    {
        using var scope = Seeded(2);
        Tensor content = Weighting(), previous = Weighting(), gate = rand(Rows, Heads, 1, ScalarType.Float64);
        Tensor gated = Addressing.Interpolate(content, previous, gate);
        ForEachHead((row, head) => AreEqual(
            NtmReference.Interpolate(Vector(content[row, head]), Vector(previous[row, head]), gate[row, head, 0].item<double>()),
            gated[row, head]));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void ShiftConvolvesAroundTheCircle(int range)
    {
        using var scope = Seeded(3);
        Tensor gated = Weighting(), shift = Normal(Rows, Heads, 2 * range + 1).softmax(-1);
        Tensor shifted = Addressing.Shift(gated, shift);
        ForEachHead((row, head) => AreEqual(NtmReference.Shift(Vector(gated[row, head]), Vector(shift[row, head])), shifted[row, head]));
    }

    [TestMethod]
    public void AShiftByPlusOneMovesTheFocusToTheNextSlot()
    {
        using var scope = Seeded(4);
        Tensor focus = tensor([0.0, 0, 1, 0]).view(1, 1, 4), plusOne = tensor([0.0, 0, 1]).view(1, 1, 3);
        AreEqual([0, 0, 0, 1], Addressing.Shift(focus, plusOne).view(4));
    }

    [TestMethod]
    public void SharpeningRaisesToAPowerAndNormalises()
    {
        using var scope = Seeded(5);
        Tensor shifted = Weighting(), gamma = 1 + Positive(Rows, Heads, 1) * 10;
        Tensor weighting = Addressing.Sharpen(shifted, gamma, new NetworkSpec());
        ForEachHead((row, head) => AreEqual(
            NtmReference.Sharpen(Vector(shifted[row, head]), gamma[row, head, 0].item<double>()), weighting[row, head]));
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void SharpeningStaysADistributionWithAFiniteGradientWhateverComesIn(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor shifted = stack([zeros(Slots, dtype), ones(Slots, dtype), ones(Slots, dtype) * 1e-30,
            eye(Slots, Slots, dtype)[0]]).unsqueeze(0);
        foreach (double sharpness in new[] { 1.0, 50, 1e4, 1e9 })
        {
            Tensor leaf = shifted.clone().requires_grad_(true), gamma = full(1, 4, 1, sharpness, dtype, requires_grad: true);
            Tensor weighting = Addressing.Sharpen(leaf, gamma, new NetworkSpec());
            Assert.IsTrue((weighting.sum(-1) - 1).abs().max().to_type(ScalarType.Float64).item<double>() < 1e-5);
            weighting.select(2, 0).sum().backward();
            Assert.IsTrue(leaf.grad!.isfinite().all().item<bool>() && gamma.grad!.isfinite().all().item<bool>(), $"gamma {sharpness}");
        }
    }

    [TestMethod]
    public void EmptyMemoryAndEmptyKeysHaveFiniteGradients()
    {
        using var scope = NewDisposeScope();
        Tensor memory = zeros(1, Slots, Width, ScalarType.Float64, requires_grad: true);
        Tensor key = zeros(1, Heads, Width, ScalarType.Float64, requires_grad: true);
        Tensor weighting = Addressing.ContentWeighting(memory, key, ones(1, Heads, 1, ScalarType.Float64));
        AreEqual([.. Enumerable.Repeat(1.0 / Slots, Slots)], weighting[0, 0]);
        weighting.select(2, 0).sum().backward();
        Assert.IsTrue(memory.grad!.isfinite().all().item<bool>() && key.grad!.isfinite().all().item<bool>());
    }

    [TestMethod]
    public void ReadingSumsSlotsByWeight()
    {
        using var scope = Seeded(6);
        Tensor memory = Normal(Rows, Slots, Width), weightings = Weighting();
        Tensor reads = ExternalMemory.Read(memory, weightings);
        ForEachHead((row, head) => AreEqual(NtmReference.Read(Matrix(memory[row]), Vector(weightings[row, head])), reads[row, head]));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    public void WritingLetsAllHeadsEraseBeforeAnyAdds(int heads)
    {
        using var scope = Seeded(7);
        Tensor memory = Normal(Rows, Slots, Width), weightings = Normal(Rows, heads, Slots).softmax(-1);
        Tensor erase = rand(Rows, heads, Width, ScalarType.Float64), add = Normal(Rows, heads, Width);
        Tensor written = ExternalMemory.Write(memory, weightings, erase, add);
        for (int row = 0; row < Rows; row++)
        {
            double[][] expected = NtmReference.Write(Matrix(memory[row]), [.. Enumerable.Range(0, heads)
                .Select(head => (Vector(weightings[row, head]), Vector(erase[row, head]), Vector(add[row, head])))]);
            for (int slot = 0; slot < Slots; slot++)
                AreEqual(expected[slot], written[row, slot]);
        }
    }

    private static DisposeScope Seeded(long seed)
    {
        DisposeScope scope = NewDisposeScope();
        manual_seed(seed);
        return scope;
    }

    private static Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64);

    private static Tensor Positive(params long[] shape) => rand(shape, ScalarType.Float64);

    private static Tensor Weighting() => Normal(Rows, Heads, Slots).softmax(-1);

    private static void ForEachHead(Action<int, int> check)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int head = 0; head < Heads; head++)
                check(row, head);
        }
    }

    private static double[] Vector(Tensor values) => values.contiguous().data<double>().ToArray();

    private static double[][] Matrix(Tensor values) => ReferenceMath.Rows(Vector(values), (int)values.shape[0]);

    private static void AreEqual(double[] expected, Tensor actual)
    {
        double[] values = Vector(actual);
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], Tolerance);
    }
}
