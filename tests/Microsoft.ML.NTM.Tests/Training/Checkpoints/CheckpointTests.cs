using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointTests
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private string CheckpointPath => Path.Combine(_folder, "checkpoint.safetensors");

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public static IEnumerable<object[]> Kinds => Enum.GetValues<OptimizerKind>().Select(kind => new object[] { kind });

    private TrainingSettings Settings(long iterations, OptimizerKind kind = OptimizerKind.Adam, bool save = true) => new()
    {
        NumberOfIterations = iterations,
        LearningRate = 0.01,
        Schedule = LearningRateSchedule.Cosine(100),
        Optimizer = new OptimizerSettings { Kind = kind },
        ReportInterval = 7,
        Validation = new ValidationSettings { Interval = 9 },
        Guard = new GuardSettings { SnapshotInterval = 5 },
        Checkpoints = save ? new CheckpointSettings { Folder = _folder, Interval = 10, Fingerprint = "spec" } : null,
    };

    // Faults at 33 to 35 make the guard go back; validation loss falls, then rises.
    private static (TrainingHistory History, float[] Values) Run(TrainingSettings settings, RecordingObserver? observer = null, CancellationToken stop = default)
    {
        var parameters = LinearProblem.Parameters();
        var engine = new LinearEngine(faultyLoss: i => i is >= 33 and <= 35 ? double.NaN : null);
        var loop = new TrainingLoop(engine, parameters, settings, observer ?? new RecordingObserver(), () => Validate(parameters));
        return (loop.Run(LinearProblem.Batches(), stop), parameters.Values);
    }

    private static double Validate(ParameterSet parameters) => Math.Abs(parameters["output.weight"][0] - 0.3);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void AKilledTrainingGoesOnBitForBit(OptimizerKind kind)
    {
        (TrainingHistory whole, float[] expected) = Run(Settings(100, kind, save: false));
        foreach (int killedAfter in new[] { 3, 10, 34, 47, 99 })
        {
            Assert.ThrowsExactly<OperationCanceledException>(() => Run(Settings(100, kind), new RecordingObserver(cancelAfter: killedAfter)));
            (TrainingHistory resumed, float[] values) = Run(Settings(100, kind));
            CollectionAssert.AreEqual(expected, values, $"killed after {killedAfter}");
            AssertSame(whole, resumed);
            RemoveFolder();
        }
    }

    [TestMethod]
    public void AStoppedTrainingGoesOnFromWhereItStopped()
    {
        (TrainingHistory whole, float[] expected) = Run(Settings(100, save: false));
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
        (TrainingHistory whole, float[] expected) = Run(Settings(100, save: false));
        Run(Settings(58));
        (TrainingHistory resumed, float[] values) = Run(Settings(100));
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
    public void WithoutResumeTrainingStartsOver()
    {
        Run(Settings(58));
        TrainingSettings settings = Settings(58);
        settings = settings with { Checkpoints = settings.Checkpoints! with { Resume = false } };
        var observer = new RecordingObserver();
        Run(settings, observer);
        Assert.AreEqual(7, observer.Reports[0].Iteration);
    }

    [TestMethod]
    public void TheWeightsInACheckpointHaveTheirOwnNames()
    {
        Run(Settings(58));
        using FileStream stream = File.OpenRead(CheckpointPath);
        SafetensorsHeader header = SafetensorsHeader.Read(stream);
        Assert.IsTrue(header.Entries.Any(entry => entry.Name == "controller.0.weight_ih"));
        Assert.AreEqual("58", header.Metadata["iteration"]);
    }

    [TestMethod]
    public void AWriteThatWasCutShortLeavesTheCheckpointWhole()
    {
        Run(Settings(58));
        File.WriteAllBytes(CheckpointPath + ".tmp", File.ReadAllBytes(CheckpointPath)[..100]);
        (_, float[] expected) = Run(Settings(100, save: false));
        CollectionAssert.AreEqual(expected, Run(Settings(100)).Values);
        Assert.IsFalse(File.Exists(CheckpointPath + ".tmp"));
    }

    [TestMethod]
    public void ACheckpointThatCannotBeWrittenDoesNotEndTraining()
    {
        Directory.CreateDirectory(Path.Combine(CheckpointPath, "in the way"));
        var observer = new RecordingObserver();
        (TrainingHistory history, float[] values) = Run(Settings(25), observer);
        Assert.AreEqual(TrainingStopReason.Completed, history.StopReason);
        Assert.AreEqual(3, observer.Warnings.Count(warning => warning.Contains("checkpoint", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(Run(Settings(25, save: false)).Values, values);
    }

    [TestMethod]
    public void AFolderThatCannotBeMadeEndsTrainingBeforeItBegins()
    {
        Directory.CreateDirectory(_folder);
        string occupied = Path.Combine(_folder, "file");
        File.WriteAllText(occupied, "");
        TrainingSettings settings = Settings(25);
        settings = settings with { Checkpoints = settings.Checkpoints! with { Folder = occupied } };
        Assert.ThrowsExactly<IOException>(() => Run(settings, new RecordingObserver(cancelAfter: 0)));
    }

    [TestMethod]
    public void AnotherTrainingsCheckpointIsRefused()
    {
        Run(Settings(20));
        TrainingSettings settings = Settings(100);
        AssertRefused(settings with { Checkpoints = settings.Checkpoints! with { Fingerprint = "other" } }, "fingerprint is 'spec', not 'other'");
        AssertRefused(Settings(100, OptimizerKind.Sgd), "optimizer is 'Adam', not 'Sgd'");

        var larger = new ParameterSet(new NetworkSpec { Kind = NetworkKind.Lstm, InputSize = 3, OutputSize = 1, ControllerSize = 4 });
        var loop = new TrainingLoop(new LinearEngine(), larger, settings, new RecordingObserver(), () => 0);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => loop.Run(LinearProblem.Batches())).Message, "another training's");
    }

    [TestMethod]
    public void ADamagedCheckpointIsRefused()
    {
        Run(Settings(20));
        byte[] bytes = File.ReadAllBytes(CheckpointPath);
        for (int length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(CheckpointPath, bytes[..length]);
            Assert.ThrowsExactly<InvalidDataException>(() => Run(Settings(100)));
        }
    }

    private static void AssertRefused(TrainingSettings settings, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Run(settings)).Message, message);

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

    private static TrainingProgress Timeless(TrainingProgress progress) => progress with { Elapsed = default, SequencesPerSecond = 0, NumberOfIterations = 0 };
}
