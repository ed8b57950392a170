using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class DncCellTests
{
    private const double Rounding = 1e-12;

    private static readonly NetworkSpec s_spec = new()
    {
        Kind = NetworkKind.Dnc,
        InputSize = 3,
        OutputSize = 2,
        ControllerSize = 6,
        ControllerLayers = 2,
        MemorySlots = 9,
        MemoryWidth = 4,
        NumberOfReadHeads = 3,
    };

    private static readonly NetworkSpec s_improved = s_spec with { MaskedContent = true, Deallocation = true, LinkSharpening = true };

    [TestMethod]
    [DataRow(ControllerKind.Lstm)]
    [DataRow(ControllerKind.FeedForward)]
    public void OutputsAndStatesHaveTheDocumentedShapes(ControllerKind kind)
    {
        using var scope = NewDisposeScope();
        using var cell = new DncCell(s_improved with { Controller = kind, ControllerLayers = kind == ControllerKind.Lstm ? 2 : 1 });
        DncState initial = cell.InitialState(5);
        (Tensor output, DncState state) = cell.call(randn(5, 3), initial);
        CollectionAssert.AreEqual(new long[] { 5, 2 }, output.shape);
        foreach (DncState each in new[] { initial, state })
        {
            CollectionAssert.AreEqual(new long[] { 5, 9, 4 }, each.Memory.shape);
            CollectionAssert.AreEqual(new long[] { 5, 9 }, each.Usage.shape);
            CollectionAssert.AreEqual(new long[] { 5, 9, 9 }, each.Links.shape);
            CollectionAssert.AreEqual(new long[] { 5, 9 }, each.Precedence.shape);
            CollectionAssert.AreEqual(new long[] { 5, 9 }, each.WriteWeighting.shape);
            CollectionAssert.AreEqual(new long[] { 5, 3, 9 }, each.ReadWeightings.shape);
            CollectionAssert.AreEqual(new long[] { 5, 3, 4 }, each.Reads.shape);
            CollectionAssert.AreEqual(new long[] { 5, kind == ControllerKind.Lstm ? 2 : 1, 6 }, each.Controller.Hidden.shape);
        }
    }

    [TestMethod]
    [DataRow(false, 1.0)]
    [DataRow(false, 30.0)]
    [DataRow(true, 1.0)]
    [DataRow(true, 30.0)]
    public void WeightingsUsageAndLinksKeepTheirBoundsOverManySteps(bool improved, double size)
    {
        using var scope = NewDisposeScope();
        NetworkSpec spec = improved ? s_improved : s_spec;
        manual_seed(3);
        using var cell = new DncCell(spec, ScalarType.Float64);
        cell.Load(Parameters(spec, seed: 4, size));
        DncState state = cell.InitialState(4);
        for (int step = 0; step < 60; step++)
        {
            (_, state) = cell.call(randn(4, 3, ScalarType.Float64), state);
            foreach (Tensor weighting in new[] { state.WriteWeighting, state.ReadWeightings, state.Precedence })
                IsWithin(weighting, 0, weighting.sum(-1), 1);
            IsWithin(state.Usage, 0, state.Usage, 1);
            IsWithin(state.Links, 0, state.Links.sum(1), 1);
            IsWithin(state.Links, 0, state.Links.sum(2), 1);
            Assert.AreEqual(0.0, state.Links.diagonal(0, 1, 2).abs().max().item<double>());
            IsWithin(Allocated(state), 0, Allocated(state).sum(-1), 1);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void SaturatedInterfacesOnAnEmptyMemoryHaveFiniteGradients(bool improved)
    {
        using var scope = NewDisposeScope();
        NetworkSpec spec = improved ? s_improved : s_spec;
        foreach (double size in new[] { 0.0, 1, 1e3 })
        {
            using var cell = new DncCell(spec);
            cell.Load(Parameters(spec, seed: 5, size));
            DncState state = cell.InitialState(2);
            state = state with { Memory = zeros_like(state.Memory) };
            Tensor output = zeros(2, 2);
            for (int step = 0; step < 6; step++)
                (output, state) = cell.call(ones(2, 3), state);
            output.sum().backward();
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in cell.named_parameters())
                Assert.IsTrue(parameter.grad!.isfinite().all().item<bool>(), $"{name} at {size}");
        }
    }

    [TestMethod]
    public void FreedSlotsAreErasedOnlyWithDeallocation()
    {
        using var scope = NewDisposeScope();
        foreach (bool deallocation in new[] { false, true })
        {
            NetworkSpec spec = s_spec with { Deallocation = deallocation };
            using var cell = new DncCell(spec, ScalarType.Float64);
            var parameters = new ParameterSet(spec);
            Span<float> bias = parameters.Slice("interface.bias");
            int free = 3 * 4 + 3 + 4 + 1 + 4 + 4;
            bias.Slice(free, 3).Fill(1000);        // free everything that was read
            bias[free + 4] = -1000;                // write nothing
            cell.Load(parameters);
            DncState state = cell.InitialState(1) with
            {
                Memory = ones(1, 9, 4, ScalarType.Float64),
                ReadWeightings = nn.functional.one_hot(tensor([2L, 2, 5]), 9).to_type(ScalarType.Float64).unsqueeze(0),
            };
            Tensor memory = cell.Step(zeros(1, 3, ScalarType.Float64), state).Memory;
            Assert.AreEqual(deallocation ? 0.0 : 1.0, memory[0, 2, 0].item<double>());
            Assert.AreEqual(deallocation ? 0.0 : 1.0, memory[0, 5, 3].item<double>());
            Assert.AreEqual(1.0, memory[0, 4, 1].item<double>());
        }
    }

    [TestMethod]
    public void MaskedPartsOfASlotDoNotCountInContentAddressing()
    {
        using var scope = NewDisposeScope();
        Tensor memory = tensor([1.0, 5, 1, -5]).view(1, 2, 2), key = tensor([1.0, 0]).view(1, 1, 2), mask = tensor([1.0, 0]).view(1, 1, 2);
        Tensor weighting = NTM.Engines.Torch.Addressing.ContentWeighting(memory.unsqueeze(1) * mask.unsqueeze(2), key * mask,
            ones(1, 1, 1, ScalarType.Float64));
        Assert.AreEqual(weighting[0, 0, 0].item<double>(), weighting[0, 0, 1].item<double>());
    }

    [TestMethod]
    public void AModelLoadedIntoACellComesOutUnchanged()
    {
        ParameterSet parameters = Parameters(s_improved, seed: 6, 1);
        using var cell = new DncCell(s_improved);
        cell.Load(parameters);
        CollectionAssert.AreEqual(parameters.Values, cell.ToParameterSet().Values);
    }

    [TestMethod]
    public void ACellRefusesTheSpecOfAnotherNetwork()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new DncCell(s_spec with { Kind = NetworkKind.Ntm }));
        Assert.ThrowsExactly<ArgumentException>(() => new DncCell(s_spec with { NumberOfWriteHeads = 2 }));
    }

    private static Tensor Allocated(DncState state) => NTM.Engines.Torch.Allocation.Weighting(state.Usage);

    private static void IsWithin(Tensor values, double least, Tensor sums, double most)
    {
        Assert.IsTrue(values.min().item<double>() >= least - Rounding, $"{values.min().item<double>()}");
        Assert.IsTrue(sums.max().item<double>() <= most + Rounding, $"{sums.max().item<double>()}");
    }

    private static ParameterSet Parameters(NetworkSpec spec, int seed, double size)
    {
        var parameters = new ParameterSet(spec);
        RandomBatches.Parameters(spec, seed, size).Select(x => (float)x).ToArray().CopyTo(parameters.Values, 0);
        return parameters;
    }
}
