using System.Runtime.InteropServices;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.References;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines;

/// <summary>What a batch is said to need is what the engine takes for it.</summary>
[TestClass]
public sealed partial class MemoryNeedTests
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
        SequenceBatch batch = Batch(network, sequence, lengths), tiny = RandomBatches.Batch(network, sequence, [1], seed: 2);
        using var engine = new ManagedEngine(network, sequence, threads, SimdWidths.Best,
            new GradientSettings { TruncationSteps = truncation });
        ParameterSet parameters = ParameterInitializer.Create(network, 1);
        float[] gradient = new float[parameters.Values.Length];
        engine.Load(parameters.Values);
        engine.LossAndGradient(tiny, gradient);

        long taken = Taken(() => engine.LossAndGradient(batch, gradient));

        long need = new ManagedMemoryNeed(network, threads) { Truncation = truncation }.OfTraining(lengths).Bytes;
        Assert.IsTrue(need < 1.1 * taken + 100_000 && taken < 1.1 * need + 400_000, $"estimated {need}, taken {taken}");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void TheEstimateOfScoringIsWhatBatchAnswersAndEngineAllocate(NetworkSpec network, int[] lengths, int threads, int truncation)
    {
        var sequence = new SequenceSpec { FeatureSize = network.InputSize };
        SequenceBatch batch = Batch(network, sequence, lengths);
        using var engine = new ManagedEngine(network, sequence, threads, SimdWidths.Best,
            new GradientSettings { TruncationSteps = truncation });
        engine.Load(ParameterInitializer.Create(network, 1).Values);
        float[] logits = new float[batch.Steps * batch.Rows * network.OutputSize];
        engine.Score(RandomBatches.Batch(network, sequence, [1], seed: 2), logits);

        long taken = Taken(() => engine.Score(batch, logits)), batchAndAnswers = sizeof(float) * (long)batch.Steps * batch.Rows
            * (network.InputSize + 2 * network.OutputSize);

        long need = new ManagedMemoryNeed(network, threads) { Truncation = truncation }.OfScoring(lengths).Bytes - batchAndAnswers;
        Assert.IsTrue(need < 1.1 * taken + 100_000 && taken < 1.1 * need + 400_000, $"estimated {need}, taken {taken}");
    }

    public static IEnumerable<object[]> TorchCases =>
    [
        [s_lstm with { ControllerSize = 512 }, 16],
        [s_ntm with { MemorySlots = 256, MemoryWidth = 32 }, 8],
        [s_dnc with { MemorySlots = 128, MemoryWidth = 32 }, 4],
        [s_improved with { MemorySlots = 64, MemoryWidth = 64 }, 8],
    ];

    [TestMethod]
    [DynamicData(nameof(TorchCases))]
    public void TheEstimateOfTheTorchEngineIsBetweenWhatItTakesAndTwiceThat(NetworkSpec network, int rows)
    {
        if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallinfo2", out _))
            Assert.Inconclusive("What is handed out, only the C library of GNU tells.");
        const int First = 20, Last = 120;
        SequenceBatch batch = Batch(network, new SequenceSpec { FeatureSize = network.InputSize }, [.. Enumerable.Repeat(Last, rows)]);
        using var engine = new TorchEngine(network, new SequenceSpec { FeatureSize = network.InputSize }, CPU);
        float[] parameters = ParameterInitializer.Create(network, 1).Values;
        engine.Load(parameters);
        int asked = 0;
        long before = 0, taken = 0;
        engine.CheckAlive = () =>
        {
            asked++;
            (before, taken) = asked switch { First => (HandedOut(), 0), Last => (before, HandedOut() - before), _ => (before, taken) };
        };

        engine.LossAndGradient(batch, new float[parameters.Length]);

        // What is made of the outputs at the end, 11 of the 12 numbers each, was not there yet.
        long outputs = sizeof(float) * 11L * network.OutputSize * rows;
        long perStep = new TorchMemoryNeed(network).OfTraining(batch.Lengths).Bytes / Last - outputs;
        long need = perStep * (Last - First);
        // The estimate was fitted to what whole processes grew by, which is more than what is handed out.
        Assert.IsTrue(taken < need && need < 2 * taken, $"estimated {need}, taken {taken}");
    }

    // Bytes that the C library has handed out, libtorch's tensors among them: how large the process is would also tell of what earlier
    // tests freed.
    private static long HandedOut()
    {
        HeapState state = TakeHeapState();
        return (long)(state.InUse + state.Mapped);
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial HeapState TakeHeapState();

    // mallinfo2: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost.
    [StructLayout(LayoutKind.Sequential)]
    private struct HeapState
    {
        private readonly nuint _arena, _freeChunks, _fastBins, _mappings;

        public readonly nuint Mapped;

        private readonly nuint _unused, _freeFast;

        public readonly nuint InUse;

        private readonly nuint _free, _top;
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
        var managed = new ManagedMemoryNeed(s_ntm, threads: 1);
        long need = managed.OfTraining([1000, 1000, 1000, 1000]).Bytes;
        new MemoryLimit(managed, format, need).RequireTraining(batch);

        InvalidOperationException crowd = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new MemoryLimit(managed, format, need / 2).RequireTraining(batch));
        StringAssert.Contains(crowd.Message, "Column 'Readings', row 17 (counted from 0)");
        StringAssert.Contains(crowd.Message, "1000 steps, which in a batch of 4 need");
        StringAssert.Contains(crowd.Message, "A BatchSize of 2 would do");
        InvalidOperationException alone = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new MemoryLimit(managed, format, need / 100).RequireTraining(batch));
        StringAssert.Contains(alone.Message, "TruncationSteps keep fewer steps at once; a MaximumInputSteps leaves such rows out");
    }

    [TestMethod]
    public void MoreNumbersThanAnArrayHasAreRefusedWhateverMemoryThereIs()
    {
        var format = new SequenceFormat
        {
            Spec = new SequenceSpec { FeatureSize = 3 },
            Features = [new FeatureFormat("Readings", 3)],
            Label = new LabelFormat("Label", LabelKind.Number, true),
            OutputSize = 5,
        };
        NetworkSpec wide = s_lstm with { ControllerSize = 1000 };
        SequenceBatch batch = RandomBatches.Batch(wide, format.Spec, [600_000], seed: 1);

        InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new MemoryLimit(new ManagedMemoryNeed(wide, threads: 1), format, long.MaxValue).RequireTraining(batch));

        StringAssert.Contains(error.Message, "expected batches that train with arrays of at most 8 GiB, got 600000 steps");
    }

    private static SequenceBatch Batch(NetworkSpec network, SequenceSpec sequence, int[] lengths)
    {
        SequenceBatch batch = RandomBatches.Batch(network, sequence, lengths, seed: 1);
        batch.OutputStarts.AsSpan().Clear();
        return batch;
    }

    private static long Taken(Action compute)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        compute();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
