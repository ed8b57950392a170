using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class NtmCellTests
{
    private static readonly NetworkSpec s_spec = new()
    {
        InputSize = 3,
        OutputSize = 2,
        ControllerSize = 5,
        ControllerLayers = 2,
        MemorySlots = 7,
        MemoryWidth = 4,
        NumberOfReadHeads = 2,
        NumberOfWriteHeads = 3,
        ShiftRange = 2,
    };

    [TestMethod]
    [DataRow(ControllerKind.Lstm)]
    [DataRow(ControllerKind.FeedForward)]
    public void OutputsAndStatesHaveTheDocumentedShapes(ControllerKind kind)
    {
        using var scope = NewDisposeScope();
        using var cell = new NtmCell(s_spec with { Controller = kind, ControllerLayers = kind == ControllerKind.Lstm ? 2 : 1 });
        NtmState initial = cell.InitialState(6);
        (Tensor output, NtmState state) = cell.call(randn(6, 3), initial);
        CollectionAssert.AreEqual(new long[] { 6, 2 }, output.shape);
        foreach (NtmState each in new[] { initial, state })
        {
            CollectionAssert.AreEqual(new long[] { 6, 7, 4 }, each.Memory.shape);
            CollectionAssert.AreEqual(new long[] { 6, 2, 4 }, each.Reads.shape);
            CollectionAssert.AreEqual(new long[] { 6, 2, 7 }, each.ReadWeightings.shape);
            CollectionAssert.AreEqual(new long[] { 6, 3, 7 }, each.WriteWeightings.shape);
            CollectionAssert.AreEqual(new long[] { 6, kind == ControllerKind.Lstm ? 2 : 1, 5 }, each.Controller.Hidden.shape);
            CollectionAssert.AreEqual(new long[] { 6, kind == ControllerKind.Lstm ? 2 : 0, 5 }, each.Controller.Cell.shape);
        }
    }

    [TestMethod]
    public void WeightingsAreDistributionsAtEveryStep()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var cell = new NtmCell(s_spec, ScalarType.Float64);
        NtmState state = cell.InitialState(4);
        for (int step = 0; step < 20; step++)
        {
            (_, state) = cell.call(randn(4, 3, ScalarType.Float64) * 10, state);
            Tensor weightings = cat([state.ReadWeightings, state.WriteWeightings], dim: 1);
            Assert.IsTrue(weightings.min().item<double>() >= 0);
            Assert.IsTrue((weightings.sum(-1) - 1).abs().max().item<double>() < 1e-12);
        }
    }

    [TestMethod]
    public void ParametersCarryTheNamesAndShapesOfTheModelFile()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            for (int seed = 0; seed < 20; seed++)
            {
                NetworkSpec spec = RandomSpecs.Get(kind, seed).Network;
                nn.Module cell = kind switch
                {
                    NetworkKind.Ntm => new NtmCell(spec),
                    NetworkKind.Dnc => new DncCell(spec),
                    _ => new LstmNetwork(spec),
                };
                using var parent = nn.ModuleList(cell); // being part of another module registers a module's fields
                Dictionary<string, long[]> expected =
                    new ParameterLayout(spec).Slices.ToDictionary(s => s.Name, s => s.Shape.Select(n => (long)n).ToArray());
                Dictionary<string, Tensor> actual = cell.state_dict();
                CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
                foreach ((string name, long[] shape) in expected)
                    CollectionAssert.AreEqual(shape, actual[name].shape, name);
            }
        }
    }

    [TestMethod]
    public void AModelLoadedIntoACellComesOutUnchanged()
    {
        var parameters = new ParameterSet(s_spec);
        RandomBatches.Parameters(s_spec, 3).Select(x => (float)x).ToArray().CopyTo(parameters.Values, 0);
        using var cell = new NtmCell(s_spec);
        cell.Load(parameters);
        CollectionAssert.AreEqual(parameters.Values, cell.ToParameterSet().Values);
        Assert.ThrowsExactly<ArgumentException>(() => cell.Load(new ParameterSet(s_spec with { MemorySlots = 8 })));
    }

    [TestMethod]
    public void TheSameSeedDrawsTheSameParameters()
    {
        using NtmCell first = Drawn(5), second = Drawn(5), third = Drawn(6);
        CollectionAssert.AreEqual(first.ToParameterSet().Values, second.ToParameterSet().Values);
        CollectionAssert.AreNotEqual(first.ToParameterSet().Values, third.ToParameterSet().Values);
    }

    [TestMethod]
    public void ACellMovedToAnotherPrecisionStillLearns()
    {
        using var scope = NewDisposeScope();
        using var cell = new NtmCell(s_spec);
        cell.to(ScalarType.Float64);
        (Tensor output, _) = cell.call(randn(2, 3, ScalarType.Float64), cell.InitialState(2));
        output.sum().backward();
        Assert.AreEqual(ScalarType.Float64, output.dtype);
        Assert.IsTrue(cell.parameters().All(p => p.dtype == ScalarType.Float64));
        Assert.IsTrue(cell.get_parameter("controller.0.weight_ih")!.grad!.abs().sum().item<double>() > 0);
    }

    [TestMethod]
    public void AStepLeavesOnlyItsOutputAndStateBehind()
    {
        using var outer = NewDisposeScope();
        using var cell = new NtmCell(s_spec);
        NtmState state = cell.InitialState(2);
        Tensor input = randn(2, 3);
        int before = outer.DisposablesCount;
        cell.call(input, state);
        Assert.AreEqual(before + 7, outer.DisposablesCount);
    }

    [TestMethod]
    public void SaturatedHeadsOnAnEmptyMemoryHaveFiniteGradients()
    {
        using var scope = NewDisposeScope();
        foreach (float size in new[] { 0f, 1f, 1e3f })
        {
            var parameters = new ParameterSet(s_spec with { InitialMemory = InitialMemory.Learned });
            RandomBatches.Parameters(s_spec, 9, size).Select(x => (float)x).ToArray()
                .CopyTo(parameters.Values, parameters["initial.memory"].Length);
            parameters.Slice("initial.memory").Clear();
            using var cell = new NtmCell(s_spec with { InitialMemory = InitialMemory.Learned });
            cell.Load(parameters);
            NtmState state = cell.InitialState(2);
            Tensor output = zeros(2, 2);
            for (int step = 0; step < 5; step++)
                (output, state) = cell.call(ones(2, 3), state);
            output.sum().backward();
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in cell.named_parameters())
                Assert.IsTrue(parameter.grad is not { } g || g.isfinite().all().item<bool>(), $"{name} at {size}");
        }
    }

    [TestMethod]
    public void ACellRefusesTheSpecOfAnotherNetwork()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new NtmCell(s_spec with { Kind = NetworkKind.Dnc }));
        Assert.ThrowsExactly<ArgumentException>(() => new LstmNetwork(s_spec));
    }

    // A generator of its own: the shared one serves tests that run at the same time.
    private static NtmCell Drawn(ulong seed)
    {
        using var generator = new Generator(seed);
        var cell = new NtmCell(s_spec);
        cell.Reset(generator);
        return cell;
    }
}
