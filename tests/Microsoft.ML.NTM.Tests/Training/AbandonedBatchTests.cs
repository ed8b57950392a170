using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Training;

/// <summary>
/// A training that is to end in the middle of a long batch does not finish the batch: it ends as after the last whole one.
/// </summary>
[TestClass]
public sealed class AbandonedBatchTests
{
    private const int Torch = 0, WholeUpdates = 2;

    private static readonly NetworkSpec s_ntm = new()
    {
        ControllerSize = 40,
        MemorySlots = 256,
        MemoryWidth = 32,
        InputSize = 3,
        OutputSize = 2,
    };

    private static readonly NetworkSpec s_dnc = s_ntm with { Kind = NetworkKind.Dnc, MemorySlots = 128 };

    private static readonly NetworkSpec s_lstm = s_ntm with { Kind = NetworkKind.Lstm, ControllerSize = 160 };

    private static readonly SequenceSpec s_sequence = new() { FeatureSize = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static IEnumerable<object[]> Engines =>
        from network in new[] { s_lstm, s_lstm with { Bidirectional = true, ControllerSize = 96 }, s_ntm, s_dnc }
        from threads in new[] { 1, 2, Torch }
        select new object[] { network, threads };

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Engines))]
    public void AStopInsideABatchLeavesTheWeightsOfTheLastWholeUpdate(NetworkSpec network, int threads)
    {
        // More than one stretch of those that libtorch goes back over at once.
        SequenceBatch batch = threads == Torch ? Batch(network, 140, 30) : Batch(network, 300, 260, 140);
        ParameterSet whole = ParameterInitializer.Create(network, 1);
        using var counted = new AskedEngine(Engine(network, threads));
        new TrainingLoop(counted, whole, Settings(WholeUpdates), new RecordingObserver()).Run(_ => Enumerable.Repeat(batch, WholeUpdates));
        long perBatch = counted.Asked / WholeUpdates;
        Assert.IsGreaterThan(15, perBatch);

        foreach (double share in threads == Torch ? [0.3, 0.999] : new[] { 0.1, 0.45, 0.95 })
        {
            long moment = WholeUpdates * perBatch + (long)(share * perBatch);
            using var stopper = new CancellationTokenSource();
            AssertEndsThere(stopper.Cancel, TrainingStopReason.StopRequested, null, stopper.Token);
            var clock = new ManualClock();
            AssertEndsThere(() => clock.Now = TimeSpan.FromHours(2), TrainingStopReason.TimeBudget, clock, default);

            void AssertEndsThere(Action happens, TrainingStopReason reason, ManualClock? clock, CancellationToken stop)
            {
                ParameterSet stopped = ParameterInitializer.Create(network, 1);
                using var engine = new AskedEngine(Engine(network, threads), moment, happens);
                var loop = new TrainingLoop(engine, stopped, Settings(100), new RecordingObserver(), time: clock);
                TrainingHistory history = loop.Run(_ => Enumerable.Repeat(batch, 100), stop);

                Assert.AreEqual(reason, history.StopReason);
                Assert.AreEqual(WholeUpdates, history.Iterations);
                CollectionAssert.AreEqual(whole.Values, stopped.Values);
                // Every group of rows and every thread asks once more, at most.
                Assert.IsLessThanOrEqualTo(moment + 8, engine.Asked);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Engines))]
    public void AnEngineThatGaveUpABatchGivesTheNextOneTheSameBits(NetworkSpec network, int threads)
    {
        SequenceBatch batch = threads == Torch ? Batch(network, 20, 5) : Batch(network, 200, 150, 150, 20);
        float[] parameters = ParameterInitializer.Create(network, 1).Values;
        float[] expected = new float[parameters.Length], actual = new float[parameters.Length];
        using IEngine fresh = Engine(network, threads), used = Engine(network, threads);
        fresh.Load(parameters);
        double loss = fresh.LossAndGradient(batch, expected);
        used.Load(parameters);
        int asked = 0;
        used.CheckAlive = () =>
        {
            if (Interlocked.Increment(ref asked) == 15)
                throw new OperationCanceledException();
        };

        Assert.ThrowsExactly<OperationCanceledException>(() => used.LossAndGradient(batch, actual));

        Assert.AreEqual(loss, used.LossAndGradient(batch, actual));
        CollectionAssert.AreEqual(expected, actual);
        Assert.AreEqual(fresh.Loss(batch), used.Loss(batch));
    }

    [TestMethod]
    public void ATrainingStoppedAtAnyMomentGoesOnToTheSameEnd()
    {
        NetworkSpec network = s_ntm with { MemorySlots = 64 };
        SequenceBatch batch = Batch(network, 60, 40);
        (float[] expected, TrainingHistory whole, long asked) = TrainedInParts([], 0);
        var random = new Random(1);
        for (int part = 1; part <= 12; part++)
        {
            // Within batches, within validations, and at the start of both.
            long[] moments = [.. Enumerable.Range(0, 3).Select(_ => random.NextInt64(asked / 2) + 1)];
            (float[] actual, TrainingHistory history, _) = TrainedInParts(moments, part);
            CollectionAssert.AreEqual(expected, actual, string.Join(", ", moments));
            Assert.AreEqual(whole.ValidationLoss, history.ValidationLoss);
            Assert.AreEqual(whole.KeptIteration, history.KeptIteration);
        }

        // Each part ends at its moment, the last one at the end.
        (float[] Parameters, TrainingHistory History, long Asked) TrainedInParts(long[] moments, int number)
        {
            string folder = Path.Combine(_folder, $"{number}");
            for (int part = 0; ; part++)
            {
                var identity = new TrainingIdentity(new Dictionary<string, string>());
                using CheckpointStore store = CheckpointStore.Open(folder, identity, 1, () => 1);
                using var stopper = new CancellationTokenSource();
                ParameterSet parameters = ParameterInitializer.Create(network, 1);
                long moment = part < moments.Length ? moments[part] : long.MaxValue;
                using var engine = new AskedEngine(Engine(network, 1), moment, stopper.Cancel);
                TrainingSettings settings = Settings(9) with
                {
                    Validation = new ValidationSettings { Interval = 2 },
                    Checkpoints = new CheckpointSettings { Store = store, Interval = 3 },
                };
                var loop = new TrainingLoop(engine, parameters, settings, new RecordingObserver(), () =>
                {
                    engine.Load(parameters.Values);
                    return engine.Loss(batch);
                });
                TrainingHistory history = loop.Run(first => Enumerable.Repeat(batch, 100 - (int)first), stopper.Token);
                if (part == moments.Length)
                    return (parameters.Values, history, engine.Asked);
            }
        }
    }

    private static TrainingSettings Settings(long iterations) => new()
    {
        NumberOfIterations = iterations,
        LearningRate = 0.01,
        TimeBudget = TimeSpan.FromHours(1),
    };

    private static SequenceBatch Batch(NetworkSpec network, params int[] lengths) =>
        RandomBatches.Batch(network, s_sequence, lengths, seed: 1);

    private static IEngine Engine(NetworkSpec network, int threads) => threads == Torch
        ? new TorchEngine(network, s_sequence, CPU)
        : new ManagedEngine(network, s_sequence, threads);
}
