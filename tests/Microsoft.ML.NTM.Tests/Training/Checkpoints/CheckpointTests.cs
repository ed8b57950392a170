using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointTests
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    // Newest last.
    private string[] Checkpoints =>
        [.. Directory.EnumerateFiles(_folder, "checkpoint-*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public static IEnumerable<object[]> Kinds => Enum.GetValues<OptimizerKind>().Select(kind => new object[] { kind });

    private static TrainingSettings Settings(long iterations, OptimizerKind kind = OptimizerKind.Adam) => new()
    {
        NumberOfIterations = iterations,
        LearningRate = 0.01,
        Schedule = LearningRateSchedule.Cosine(100),
        Optimizer = new OptimizerSettings { Kind = kind },
        ReportInterval = 7,
        Validation = new ValidationSettings { Interval = 9 },
        Guard = new GuardSettings { SnapshotInterval = 5 },
    };

    // Faults at 33 to 35 make the guard go back; validation loss falls, then rises.
    private static (TrainingHistory History, float[] Values) Train(TrainingSettings settings, RecordingObserver? observer = null,
        CancellationToken stop = default, int sign = 1)
    {
        var parameters = LinearProblem.Parameters();
        var engine = new LinearEngine(faultyLoss: i => i is >= 33 and <= 35 ? double.NaN : null);
        var loop = new TrainingLoop(engine, parameters, settings, observer ?? new RecordingObserver(), () => sign * Validate(parameters));
        return (loop.Run(LinearProblem.Batches(), stop), parameters.Values);
    }

    // The same with checkpoints.
    private (TrainingHistory History, float[] Values) Run(TrainingSettings settings, RecordingObserver? observer = null,
        CancellationToken stop = default, int sign = 1)
    {
        using CheckpointStore store = Open(settings.Optimizer.Kind);
        return Train(settings with { Checkpoints = new CheckpointSettings { Store = store, Interval = 10 } }, observer, stop, sign);
    }

    private CheckpointStore Open(OptimizerKind kind = OptimizerKind.Adam) =>
        CheckpointStore.Open(_folder, new TrainingIdentity(new Dictionary<string, string> { ["Optimizer"] = $"{kind}" }), 7, () => 1);

    private static double Validate(ParameterSet parameters) => Math.Abs(parameters["output.weight"][0] - 0.3);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void AKilledTrainingGoesOnBitForBit(OptimizerKind kind)
    {
        (TrainingHistory whole, float[] expected) = Train(Settings(100, kind));
        foreach (int killedAfter in new[] { 3, 10, 34, 47, 99 })
        {
            Assert.ThrowsExactly<OperationCanceledException>(() =>
                Run(Settings(100, kind), new RecordingObserver(cancelAfter: killedAfter)));
            (TrainingHistory resumed, float[] values) = Run(Settings(100, kind));
            CollectionAssert.AreEqual(expected, values, $"killed after {killedAfter}");
            AssertSame(whole, resumed);
            RemoveFolder();
        }
    }

    [TestMethod]
    public void AStoppedTrainingGoesOnFromWhereItStopped()
    {
        (TrainingHistory whole, float[] expected) = Train(Settings(100));
        foreach (int stopAfter in new[] { 5, 26, 50 })
        {
            using var stopper = new CancellationTokenSource();
            var observer = new RecordingObserver(stopper: stopper, stopAfter: stopAfter);
            Assert.AreEqual(stopAfter, Run(Settings(100), observer, stopper.Token).History.Iterations);
            var second = new RecordingObserver();
            (TrainingHistory resumed, float[] values) = Run(Settings(100), second);
            CollectionAssert.AreEqual(expected, values);
            AssertSame(whole, resumed);
            Assert.IsTrue(second.Reports.All(report => report.Iteration > stopAfter));
            RemoveFolder();
        }
    }

    [TestMethod]
    public void AFinishedTrainingCanBeMadeLonger()
    {
        (TrainingHistory whole, float[] expected) = Train(Settings(100));
        Run(Settings(58));
        (TrainingHistory resumed, float[] values) = Run(Settings(100));
        CollectionAssert.AreEqual(expected, values);
        AssertSame(whole, resumed);
    }

    [TestMethod]
    public void PatienceGoesOnCountingWhereATrainingWasKilled()
    {
        // The loss with its sign turned only rises.
        TrainingSettings settings = Settings(100) with { Validation = new ValidationSettings { Interval = 9, Patience = 3 } };
        (TrainingHistory whole, float[] expected) = Train(settings, sign: -1);
        Assert.AreEqual(TrainingStopReason.NoImprovement, whole.StopReason);
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            Run(settings, new RecordingObserver(cancelAfter: (int)whole.Iterations - 2), sign: -1));

        (TrainingHistory resumed, float[] values) = Run(settings, sign: -1);

        CollectionAssert.AreEqual(expected, values);
        AssertSame(whole, resumed);
    }

    [TestMethod]
    public void AFinishedTrainingReturnsItsResultAgain()
    {
        (TrainingHistory first, float[] expected) = Run(Settings(58));
        (TrainingHistory again, float[] values) = Run(Settings(58));
        CollectionAssert.AreEqual(expected, values);
        AssertSame(first, again);
    }

    [TestMethod]
    public void AShorterTrainingTakesNoLongerOnesCheckpoint()
    {
        (_, float[] expected) = Train(Settings(25));
        Run(Settings(58));
        CollectionAssert.AreEqual(expected, Run(Settings(25)).Values);
    }

    [TestMethod]
    public void TheWeightsInACheckpointHaveTheirOwnNames()
    {
        Run(Settings(58));
        using FileStream stream = File.OpenRead(Checkpoints[^1]);
        SafetensorsHeader header = SafetensorsHeader.Read(stream);
        Assert.IsTrue(header.Entries.Any(entry => entry.Name == "controller.0.weight_ih"));
        Assert.AreEqual("58", header.Metadata["iteration"]);
    }

    [TestMethod]
    public void TheNewestTwoCheckpointsAreKept()
    {
        Run(Settings(58));
        CollectionAssert.AreEqual(new[] { "checkpoint-000000050.safetensors", "checkpoint-000000058.safetensors" },
            Checkpoints.Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void AWriteThatWasCutShortLeavesTheCheckpointWhole()
    {
        Run(Settings(58));
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(Checkpoints[0])!, "checkpoint-000000060.safetensors.tmp"),
            File.ReadAllBytes(Checkpoints[0])[..100]);
        (_, float[] expected) = Train(Settings(100));
        CollectionAssert.AreEqual(expected, Run(Settings(100)).Values);
    }

    [TestMethod]
    public void ACheckpointThatCannotBeWrittenDoesNotEndTraining()
    {
        using CheckpointStore store = Open();
        foreach (int iteration in new[] { 10, 20, 25 })
            Directory.CreateDirectory(Path.Combine(store.Folder, $"checkpoint-{iteration:D9}.safetensors.tmp"));
        var observer = new RecordingObserver();
        (TrainingHistory history, float[] values) =
            Train(Settings(25) with { Checkpoints = new CheckpointSettings { Store = store, Interval = 10 } }, observer);
        Assert.AreEqual(TrainingStopReason.Completed, history.StopReason);
        Assert.AreEqual(3, observer.Warnings.Count(warning => warning.Contains("checkpoint", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(Train(Settings(25)).Values, values);
    }

    [TestMethod]
    public void AFolderThatCannotBeMadeEndsTrainingBeforeItBegins()
    {
        File.WriteAllText(_folder, "");
        try
        {
            Assert.ThrowsExactly<IOException>(() => Open());
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [TestMethod]
    public void AFolderThatCannotBeWrittenEndsTrainingBeforeItBegins()
    {
        using CheckpointStore store = Open();
        Directory.CreateDirectory(Path.Combine(store.Folder, "checkpoint-000000000.safetensors.tmp"));
        var observer = new RecordingObserver(cancelAfter: 0);
        Assert.Throws<UnauthorizedAccessException>(() =>
            Train(Settings(25) with { Checkpoints = new CheckpointSettings { Store = store } }, observer));
    }

    [TestMethod]
    public void AnotherTrainingStartsAfreshAndSaysWhatDiffers()
    {
        Run(Settings(20));
        var observer = new RecordingObserver();
        (_, float[] values) = Run(Settings(100, OptimizerKind.Sgd), observer);
        CollectionAssert.AreEqual(Train(Settings(100, OptimizerKind.Sgd)).Values, values);
        StringAssert.Contains(observer.Notes.Single(), "Optimizer (Adam there, Sgd here)");
    }

    [TestMethod]
    public void ATrainingThatGoesOnSaysWhere()
    {
        Run(Settings(20));
        var observer = new RecordingObserver();
        Run(Settings(100), observer);
        StringAssert.Contains(observer.Notes.Single(), "goes on at iteration 20");
    }

    [TestMethod]
    public void ADamagedCheckpointIsNamedLeftAndTheOneBeforeServes()
    {
        (_, float[] expected) = Train(Settings(100));
        Run(Settings(20));
        string damaged = Checkpoints[^1];
        byte[] bytes = File.ReadAllBytes(damaged);
        foreach (int place in new[] { 0, 9, 200, bytes.Length / 2, bytes.Length - 1 })
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 4;
            File.WriteAllBytes(damaged, changed);
            var observer = new RecordingObserver();
            CollectionAssert.AreEqual(expected, Run(Settings(100), observer).Values, $"byte {place}");
            StringAssert.Contains(observer.Warnings.First(warning => warning.Contains("stays as it is", StringComparison.Ordinal)),
                damaged);
            StringAssert.Contains(observer.Notes.Single(), "goes on at iteration 10");
            CollectionAssert.AreEqual(changed, File.ReadAllBytes(damaged));
            RemoveFolder();
            Run(Settings(20));
        }
    }

    [TestMethod]
    public void ASeedThatIsNotAskedForComesFromTheCheckpoint()
    {
        var identity = new TrainingIdentity(new Dictionary<string, string> { ["Optimizer"] = "Adam" });
        Run(Settings(20));
        using CheckpointStore found = CheckpointStore.Open(_folder, identity, null, () => 99);
        Assert.AreEqual(7, found.Seed);
        using CheckpointStore beside = CheckpointStore.Open(_folder, identity, null, () => 99);
        Assert.AreEqual(99, beside.Seed, "one that is in use is not shared");
    }

    [TestMethod]
    public void TwoOfTheSameTrainingAtOnceDoNotDisturbEachOther()
    {
        using CheckpointStore first = Open();
        var observer = new RecordingObserver();
        (_, float[] values) = Run(Settings(58), observer);
        CollectionAssert.AreEqual(Train(Settings(58)).Values, values);
        StringAssert.Contains(observer.Notes.Single(), "running elsewhere");
        Assert.IsEmpty(Checkpoints);
    }

    private static void AssertSame(TrainingHistory expected, TrainingHistory actual)
    {
        Assert.AreEqual(expected.StopReason, actual.StopReason);
        Assert.AreEqual(expected.Iterations, actual.Iterations);
        Assert.AreEqual(expected.KeptIteration, actual.KeptIteration);
        Assert.AreEqual(expected.ValidationLoss, actual.ValidationLoss);
        Assert.AreEqual(expected.SkippedSteps, actual.SkippedSteps);
        Assert.AreEqual(expected.Rollbacks, actual.Rollbacks);
        CollectionAssert.AreEqual(expected.Reports.Select(Timeless).ToArray(), actual.Reports.Select(Timeless).ToArray());
    }

    private static TrainingProgress Timeless(TrainingProgress progress) =>
        progress with { Elapsed = default, SequencesPerSecond = 0, NumberOfIterations = 0 };
}
