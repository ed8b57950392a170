using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Trainers;

[TestClass]
public sealed class TrainingTests
{
    [TestMethod]
    public void SmallCopyTaskIsLearned()
    {
        var ml = new MLContext(seed: 1);
        NtmTrainer.Options options = SmallNtm.Options(iterations: 2500);
        options.ControllerSize = 40;
        options.BatchSize = 16;
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml, rows: 2000));

        SequenceMetrics metrics = ml.Sequence.Evaluate(model.Transform(SmallNtm.Data(ml, rows: 200, seed: 9)));

        Assert.IsLessThan(0.1, metrics.WrongBitsPerSequence, metrics.ToString());
    }

    [TestMethod]
    public void SameSeedGivesTheSameWeightsBitForBit()
    {
        CollectionAssert.AreEqual(Train(seed: 5), Train(seed: 5));
        CollectionAssert.AreNotEqual(Train(seed: 5), Train(seed: 6));
    }

    [TestMethod]
    public void SeedOfTheContextDecidesWhereTheOptionsDoNot()
    {
        CollectionAssert.AreEqual(Train(seed: null), Train(seed: null));
    }

    [TestMethod]
    public void CancelledContextThrowsInFitAndStillScores()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        var options = SmallNtm.Options(iterations: 1_000_000);
        options.ReportInterval = 1;
        options.Progress = new Progress(_ => ml.CancelExecution());

        Assert.Throws<OperationCanceledException>(() => ml.Sequence.Trainers.Ntm(options).Fit(data));
        Assert.HasCount(40, DataViewValues.Rows(model.Transform(data)));
    }

    [TestMethod]
    public void StoppingTokenEndsTrainingWithTheModelSoFar()
    {
        var ml = new MLContext(seed: 1);
        using var stop = new CancellationTokenSource();
        var options = SmallNtm.Options(iterations: 1_000_000);
        options.ReportInterval = 1;
        options.Progress = new Progress(progress =>
        {
            if (progress.Iteration == 3)
                stop.Cancel();
        });
        options.StoppingToken = stop.Token;

        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml));

        Assert.AreEqual(3, model.Model.History!.Iterations);
        Assert.AreEqual(TrainingStopReason.StopRequested, model.Model.History.StopReason);
    }

    [TestMethod]
    public void ProgressReachesTheLogOfTheContext()
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, line) => lines.Add(line.Message);
        var options = SmallNtm.Options(iterations: 4);
        options.ReportInterval = 2;

        ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml)).Dispose();

        Assert.Contains(line => line.Contains("iteration 2 of 4"), lines);
        Assert.Contains(line => line.Contains("Training ended after 4 iterations"), lines);
    }

    [TestMethod]
    public void TrainingThatIsResumedFromACheckpointEndsWithTheSameBits()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        float[] atOnce = Train(seed: 5, iterations: 9);
        Train(seed: 5, iterations: 4, checkpoints: folder);

        CollectionAssert.AreEqual(atOnce, Train(seed: 5, iterations: 9, checkpoints: folder));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public void ValidationKeepsTheBestWeights()
    {
        // What is right in training is wrong in validation, so that the first weights asked about are the best.
        var ml = new MLContext(seed: 1);
        IDataView opposite = ml.Data.LoadFromEnumerable(new CopyTask(1, 3, bits: 2).Rows(40).Select(row => new Opposite
        {
            Features = row.Features,
            Label = Array.ConvertAll(row.Label, bit => 1 - bit),
            OutputLength = row.OutputLength,
        }));
        NtmTrainer.Options options = SmallNtm.Options(iterations: 40);
        options.LearningRate = 1e-2;
        options.ValidationInterval = 5;
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml), opposite);

        Assert.AreEqual(40, model.Model.History!.Iterations);
        Assert.AreEqual(5, model.Model.History.KeptIteration);
        Assert.IsLessThan(model.Model.History.Reports[^1].ValidationLoss!.Value, model.Model.History.ValidationLoss!.Value);
        float[] kept = model.Model.Parameters.Values;
        CollectionAssert.AreEqual(Weights(iterations: 5), kept);
        CollectionAssert.AreNotEqual(Weights(iterations: 40), kept);

        float[] Weights(int iterations)
        {
            options.NumberOfIterations = iterations;
            options.ValidationSetFraction = 0;
            using SequenceTransformer unvalidated = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml));
            return unvalidated.Model.Parameters.Values;
        }
    }

    [TestMethod]
    public void BadRowIsNamedWithColumnAndRow()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable([new Row { Features = [1f, 2f], Label = [1f, 0f] },
            new Row { Features = [1f, float.NaN], Label = [1f, 0f] }]);
        NtmTrainer trainer = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { MemorySlots = 4, ControllerSize = 3 });

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => trainer.Fit(data));

        StringAssert.Contains(fault.Message, "'Features', row 1");
    }

    private static float[] Train(int? seed, int iterations = 6, string? checkpoints = null)
    {
        var ml = new MLContext(seed: 11);
        NtmTrainer.Options options = SmallNtm.Options(iterations);
        options.Seed = seed;
        options.CheckpointFolder = checkpoints;
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml));
        return model.Model.Parameters.Values;
    }

    private sealed class Opposite
    {
        [Microsoft.ML.Data.VectorType(0, 2)]
        public float[] Features { get; set; } = [];

        [Microsoft.ML.Data.VectorType(0, 2)]
        public float[] Label { get; set; } = [];

        public int OutputLength { get; set; }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
    }

    // System.Progress reports on another thread; these tests need it at once.
    private sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
