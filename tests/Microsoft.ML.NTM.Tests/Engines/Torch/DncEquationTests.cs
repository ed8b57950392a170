using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Tests.References;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class DncEquationTests
{
    private const int Rows = 2, Heads = 3, Slots = 6;
    private const double Tolerance = 1e-13;

    [TestMethod]
    public void RetentionMultipliesWhatEveryFreeGateLeaves()
    {
        using var scope = Seeded(1);
        Tensor gates = Uniform(Rows, Heads, 1), weightings = Weightings(Rows, Heads, Slots);
        Tensor retention = Allocation.Retention(gates, weightings);
        for (int row = 0; row < Rows; row++)
            AreEqual(DncReference.Retention(Vector(gates[row].flatten()), Matrix(weightings[row])), retention[row]);
    }

    [TestMethod]
    public void UsageGrowsByWritingAndShrinksByFreeing()
    {
        using var scope = Seeded(2);
        Tensor usage = Uniform(Rows, Slots), write = Weightings(Rows, Slots), retention = Uniform(Rows, Slots);
        Tensor next = Allocation.Usage(usage, write, retention);
        for (int row = 0; row < Rows; row++)
            AreEqual(DncReference.Usage(Vector(usage[row]), Vector(write[row]), Vector(retention[row])), next[row]);
    }

    [TestMethod]
    public void AllocationPrefersTheEmptiestSlots()
    {
        using var scope = Seeded(3);
        Tensor usage = Uniform(20, Slots);
        Tensor allocation = Allocation.Weighting(usage);
        for (int row = 0; row < 20; row++)
            AreEqual(DncReference.Allocation(Vector(usage[row])), allocation[row]);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.5)]
    [DataRow(1.0)]
    public void SlotsUsedEquallyAreAllocatedInTheirOrder(double usage)
    {
        using var scope = NewDisposeScope();
        AreEqual(DncReference.Allocation([.. Enumerable.Repeat(usage, 40)]),
            Allocation.Weighting(full(1, 40, usage, ScalarType.Float64))[0]);
        AreEqual(DncReference.Allocation([usage, 0.25, usage, 0.25]),
            Allocation.Weighting(tensor([usage, 0.25, usage, 0.25]).view(1, 4))[0]);
    }

    [TestMethod]
    public void AllocationOfAnUnusedMemoryHasAFiniteGradient()
    {
        using var scope = NewDisposeScope();
        foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            Tensor usage = zeros(1, 64, dtype, requires_grad: true);
            Allocation.Weighting(usage).square().sum().backward();
            Assert.IsTrue(usage.grad!.isfinite().all().item<bool>());
        }
    }

    [TestMethod]
    public void AllocationDifferentiatesWithTheOrderHeld()
    {
        using var scope = NewDisposeScope();
        double[] usage = [0.3, 0.9, 0.05, 0.6, 0.45], gain = [1, -2, 3, 0.5, 2];
        Tensor leaf = tensor(usage, requires_grad: true);
        (Allocation.Weighting(leaf.unsqueeze(0)) * tensor(gain)).sum().backward();
        AreEqual(FiniteDifferences.Gradient(u => ReferenceMath.Dot(DncReference.Allocation(u), gain), usage), leaf.grad!, 1e-9);
    }

    [TestMethod]
    public void LinksAndPrecedenceFollowTheWrites()
    {
        using var scope = Seeded(4);
        Tensor links = Uniform(Rows, Slots, Slots) / Slots, write = Weightings(Rows, Slots), precedence = Weightings(Rows, Slots);
        Tensor linked = TemporalLinks.Link(links, write, precedence), next = TemporalLinks.Precedence(precedence, write);
        for (int row = 0; row < Rows; row++)
        {
            double[][] expected = DncReference.Link(Matrix(links[row]), Vector(write[row]), Vector(precedence[row]));
            for (int i = 0; i < Slots; i++)
                AreEqual(expected[i], linked[row, i]);
            AreEqual(DncReference.Precedence(Vector(precedence[row]), Vector(write[row])), next[row]);
        }
    }

    [TestMethod]
    public void LinksLeadForwardToWhatWasWrittenNextAndBackwardToWhatWasWrittenBefore()
    {
        using var scope = NewDisposeScope();
        Tensor links = zeros(1, 3, 3, ScalarType.Float64), precedence = zeros(1, 3, ScalarType.Float64);
        foreach (int slot in new[] { 2, 0, 1 })
        {
            Tensor write = nn.functional.one_hot(tensor([(long)slot]), 3).to_type(ScalarType.Float64);
            links = TemporalLinks.Link(links, write, precedence);
            precedence = TemporalLinks.Precedence(precedence, write);
        }
        Tensor atZero = tensor([1.0, 0, 0]).view(1, 1, 3);
        AreEqual([0, 1, 0], TemporalLinks.Forward(links, atZero)[0, 0]);
        AreEqual([0, 0, 1], TemporalLinks.Backward(links, atZero)[0, 0]);
    }

    [TestMethod]
    public void ForwardAndBackwardWeightingsFollowTheLinks()
    {
        using var scope = Seeded(5);
        Tensor links = Uniform(Rows, Slots, Slots), weightings = Weightings(Rows, Heads, Slots);
        Tensor forward = TemporalLinks.Forward(links, weightings), backward = TemporalLinks.Backward(links, weightings);
        for (int row = 0; row < Rows; row++)
        {
            for (int head = 0; head < Heads; head++)
            {
                AreEqual(DncReference.Forward(Matrix(links[row]), Vector(weightings[row, head])), forward[row, head]);
                AreEqual(DncReference.Backward(Matrix(links[row]), Vector(weightings[row, head])), backward[row, head]);
            }
        }
    }

    private static DisposeScope Seeded(long seed)
    {
        DisposeScope scope = NewDisposeScope();
        manual_seed(seed);
        return scope;
    }

    private static Tensor Uniform(params long[] shape) => rand(shape, ScalarType.Float64);

    // Sums below 1, as a DNC's weightings may.
    private static Tensor Weightings(params long[] shape) => randn(shape, ScalarType.Float64).softmax(-1) * 0.9;

    private static double[] Vector(Tensor values) => values.contiguous().data<double>().ToArray();

    private static double[][] Matrix(Tensor values) => ReferenceMath.Rows(Vector(values), (int)values.shape[0]);

    private static void AreEqual(double[] expected, Tensor actual, double tolerance = Tolerance)
    {
        double[] values = Vector(actual);
        Assert.HasCount(expected.Length, values);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], values[i], tolerance);
    }
}
