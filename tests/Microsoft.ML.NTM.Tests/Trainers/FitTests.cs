using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>What Fit does of its own accord.</summary>
[TestClass]
public sealed class FitTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void OptionsChangedAfterTheTrainerWasMadeChangeNothing()
    {
        LstmTrainer.Options options = Small();
        LstmTrainer trainer = _ml.Sequence.Trainers.Lstm(options);
        options.NumberOfIterations = 1;
        options.LabelColumnName = "Elsewhere";

        using SequenceTransformer model = trainer.Fit(Lines(30));
        Assert.AreEqual(40, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void SimpleCallsAndOptionsMakeTheSameTrainer()
    {
        LstmTrainer.Options options = new() { ControllerSize = 5, ControllerLayers = 2, LearningRate = 0.01, NumberOfIterations = 7 };
        using SequenceTransformer told = new MLContext(3).Sequence.Trainers.Lstm(options).Fit(Lines(30));
        using SequenceTransformer simple = new MLContext(3).Sequence.Trainers
            .Lstm(controllerSize: 5, controllerLayers: 2, learningRate: 0.01, numberOfIterations: 7).Fit(Lines(30));

        Assert.AreEqual(told.Model.Network, simple.Model.Network);
        CollectionAssert.AreEqual(told.Model.Parameters.Values.ToArray(), simple.Model.Parameters.Values.ToArray());
    }

    [TestMethod]
    public void PartOfTheDataIsHeldBackAndChoosesTheWeights()
    {
        using SequenceTransformer model = _ml.Sequence.Trainers.Lstm(Small()).Fit(Lines(300));
        using SequenceTransformer all = _ml.Sequence.Trainers.Lstm(Small(options => options.ValidationSetFraction = 0)).Fit(Lines(300));

        Assert.IsNotNull(model.Model.History!.ValidationLoss);
        Assert.IsNull(all.Model.History!.ValidationLoss);
    }

    [TestMethod]
    public void AValidationSetAmongTheOptionsIsUsedInPipelinesToo()
    {
        LstmTrainer.Options options = Small(options => options.ValidationSet = Lines(10));
        var model = _ml.Transforms.CopyColumns("Copy", "Label").Append(_ml.Sequence.Trainers.Lstm(options)).Fit(Lines(30));
        Assert.IsNotNull(model.LastTransformer.Model.History!.ValidationLoss);
    }

    [TestMethod]
    public void EmptyValidationDataIsRefusedBeforeTraining()
    {
        var progress = new List<TrainingProgress>();
        LstmTrainer.Options options = Small(options => options.Progress = new Immediate(progress.Add));
        Row.Fails<InvalidOperationException>(() => _ml.Sequence.Trainers.Lstm(options).Fit(Lines(30), Lines(0)), "validation data");
        Assert.IsEmpty(progress);
    }

    [TestMethod]
    public void PatienceWithoutValidationDataIsAnError()
    {
        LstmTrainer.Options options = Small(options => options.EarlyStoppingPatience = 3);
        Row.Fails<InvalidOperationException>(() => _ml.Sequence.Trainers.Lstm(options).Fit(Lines(30)),
            "EarlyStoppingPatience = 3 needs validation data");
    }

    [TestMethod]
    public void DataThatFailsOnTheWayGivesTheModelSoFar()
    {
        int reads = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Failing());
        TrainingInterruptedException fault = Assert.ThrowsExactly<TrainingInterruptedException>(
            () => _ml.Sequence.Trainers.Lstm(Small(options => options.NumberOfIterations = 10_000)).Fit(data));

        Assert.IsInstanceOfType<IOException>(fault.InnerException!.GetBaseException());
        StringAssert.Contains(fault.Message, "the disk is gone");
        Assert.AreEqual(TrainingStopReason.Interrupted, fault.Model.Model.History!.StopReason);
        Assert.HasCount(30, fault.Model.Transform(Lines(30)).GetColumn<float>("Score"));

        IEnumerable<Line> Failing()
        {
            int read = reads++;
            foreach (Line line in Rows(30))
            {
                if (read >= 4)
                    throw new IOException("the disk is gone");
                yield return line;
            }
        }
    }

    [TestMethod]
    public void RowsThatAreTooLongAreLeftOutOfTraining()
    {
        // The long rows have a label that is never learned if they are not seen.
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60)
            .Select(i => new Line { Features = new float[i % 2 == 0 ? 2 : 9], Label = i % 2 == 0 ? 0.5f : -0.5f }).ToList());
        LstmTrainer.Options options = Small(options =>
        {
            (options.MaximumInputSteps, options.CurriculumIterations, options.CurriculumStartSteps) = (4, 10, 2);
            (options.NumberOfIterations, options.LearningRate) = (400, 0.01);
        });
        using SequenceTransformer model = _ml.Sequence.Trainers.Lstm(options).Fit(data);
        Assert.IsTrue(model.Transform(data).GetColumn<float>("Score").All(score => Math.Abs(score - 0.5f) < 0.3f));
    }

    [TestMethod]
    public void ARowOfAMillionStepsIsTrainedOnInMemoryForAWindow()
    {
        float[] steps = new float[1_000_000];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = i % 2;
        IDataView data = _ml.Data.LoadFromEnumerable([new Line { Features = steps, Label = 0.5f }]);
        LstmTrainer.Options options = Small(options => (options.TruncationSteps, options.NumberOfIterations) = (1_000, 2));
        long before = GC.GetTotalAllocatedBytes();
        using SequenceTransformer model = _ml.Sequence.Trainers.Lstm(options).Fit(data);
        Assert.IsLessThan(200L << 20, GC.GetTotalAllocatedBytes() - before);
        Assert.AreEqual(0, model.Model.History!.SkippedSteps);
    }

    private static LstmTrainer.Options Small(Action<LstmTrainer.Options>? change = null)
    {
        var options = new LstmTrainer.Options
        {
            ControllerSize = 4,
            NumberOfIterations = 40,
            ValidationInterval = 10,
            BatchSize = 8,
            Seed = 1,
            NumberOfThreads = 1,
        };
        change?.Invoke(options);
        return options;
    }

    private IDataView Lines(int rows) => _ml.Data.LoadFromEnumerable(Rows(rows).ToList());

    private static IEnumerable<Line> Rows(int rows) => Enumerable.Range(0, rows)
        .Select(i => new Line { Features = [i % 7 / 7f, i % 5 / 5f], Label = i % 7 / 7f });

    private sealed class Line
    {
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Immediate(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
