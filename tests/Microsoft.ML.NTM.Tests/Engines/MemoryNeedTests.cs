using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Trainers;

namespace Microsoft.ML.NTM.Tests.Engines;

/// <summary>What a batch is said to need is what the engine takes for it.</summary>
[TestClass]
public sealed class MemoryNeedTests
{
    private static readonly NetworkSpec s_lstm = new()
    {
        Kind = NetworkKind.Lstm,
        ControllerSize = 40,
        ControllerLayers = 3,
        InputSize = 3,
        OutputSize = 5,
    };

    private static readonly NetworkSpec s_bothWays = s_lstm with { Bidirectional = true };

    private static readonly NetworkSpec s_ntm = new()
    {
        ControllerSize = 30,
        MemorySlots = 70,
        MemoryWidth = 12,
        NumberOfReadHeads = 2,
        InputSize = 3,
        OutputSize = 5,
    };

    private static readonly NetworkSpec s_feedForward = s_ntm with
    {
        Controller = ControllerKind.FeedForward,
        NumberOfWriteHeads = 3,
        ShiftRange = 2
    };

    private static readonly NetworkSpec s_dnc = s_ntm with { Kind = NetworkKind.Dnc, NumberOfReadHeads = 3 };

    private static readonly NetworkSpec s_improved = s_dnc with
    {
        MaskedContent = true,
        LinkSharpening = true,
        Deallocation = true,
        MemorySlots = 20
    };

    public static IEnumerable<object[]> Cases =>
        from network in new[] { s_lstm, s_bothWays, s_ntm, s_feedForward, s_dnc, s_improved }
        from lengths in new[] { [300], Enumerable.Repeat(200, 5).ToArray(), [.. Enumerable.Range(0, 21).Select(i => 400 - 10 * i)] }
        from threads in new[] { 1, 2 }
        from truncation in network.Bidirectional ? new[] { int.MaxValue } : [int.MaxValue, 30]
        select new object[] { network, lengths, threads, truncation };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void TheEstimateIsWhatTheEngineAllocates(NetworkSpec network, int[] lengths, int threads, int truncation)
    {
        var sequence = new SequenceSpec { FeatureSize = network.InputSize };
        SequenceBatch batch = RandomBatches.Batch(network, sequence, lengths, seed: 1),
            tiny = RandomBatches.Batch(network, sequence, [1], seed: 2);
        batch.OutputStarts.AsSpan().Clear();
        using var engine = new ManagedEngine(network, sequence, threads, SimdWidths.Best,
            new GradientSettings { TruncationSteps = truncation });
        ParameterSet parameters = ParameterInitializer.Create(network, 1);
        float[] gradient = new float[parameters.Values.Length];
        engine.Load(parameters.Values);
        engine.LossAndGradient(tiny, gradient);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        engine.LossAndGradient(batch, gradient);
        long taken = GC.GetTotalAllocatedBytes(precise: true) - before;

        long need = MemoryNeed.OfTraining(network, batch, threads, truncation);
        // Buffers that groups of other sizes share may grow once more than they have to.
        double shared = network.Kind == NetworkKind.Dnc && lengths.Length > 1 ? 1.45 : 1.1;
        Assert.IsTrue(need < 1.1 * taken + 100_000 && taken < shared * need + 400_000, $"estimated {need}, taken {taken}");
    }

    [TestMethod]
    public void ABatchThatDoesNotFitNamesItsLongestRowAndWhatHelps()
    {
        var format = new SequenceFormat
        {
            Spec = new SequenceSpec { FeatureSize = 3 },
            Features = [new FeatureFormat("Readings", 3)],
            Label = new LabelFormat("Label", LabelKind.Number, true),
            OutputSize = 5,
        };
        SequenceBatch batch = RandomBatches.Batch(s_ntm, format.Spec, [1000, 1000, 1000, 1000], seed: 1);
        batch.RowIds[0] = 17;
        long need = MemoryNeed.OfTraining(s_ntm, batch, 1);
        new MemoryLimit(s_ntm, format, 1, need).Require(batch);

        InvalidOperationException crowd = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new MemoryLimit(s_ntm, format, 1, need / 2).Require(batch));
        StringAssert.Contains(crowd.Message, "Column 'Readings', row 17 (counted from 0)");
        StringAssert.Contains(crowd.Message, "1000 steps, which in a batch of 4 need");
        StringAssert.Contains(crowd.Message, "A BatchSize of 2 would do");
        InvalidOperationException alone = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new MemoryLimit(s_ntm, format, 1, need / 100).Require(batch));
        StringAssert.Contains(alone.Message, "TruncationSteps keep fewer steps at once; a MaximumInputSteps leaves such rows out");
    }
}
