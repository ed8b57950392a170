using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>
/// docs/guide: train, evaluate, sweep, serve, look inside. The answer at each step of a sequence of bits is their parity so far.
/// </summary>
[TestClass]
public sealed class TrainTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void OptionsOfAnOrdinaryTraining()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        IDataView data = Parities(0, 240);

        var options = new LstmTrainer.Options
        {
            ControllerSize = 32,
            LearningRate = 2e-3,
            NumberOfIterations = 400,
            ValidationInterval = 100,
            TimeBudget = TimeSpan.FromMinutes(10),
            CheckpointFolder = folder,
            Progress = new ConsoleProgress(),
        };
        SequenceTransformer model = ml.Sequence.Trainers.Lstm(options).Fit(data);
        TrainingHistory history = model.Model.History!;
        Console.WriteLine($"{history.StopReason} after {history.Iterations} updates, weights of update {history.KeptIteration}");

        Assert.IsNotNull(history.ValidationLoss);
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public void AnswersPerStepAreEvaluated()
    {
        IDataView train = Parities(0, 120), test = Parities(120, 60);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(Small());
        SequenceTransformer model = trainer.Fit(train);

        SequenceMetrics metrics = ml.Sequence.Evaluate(model.Transform(test));
        Console.WriteLine($"{metrics.ElementAccuracy:P1} of the answers, {metrics.SequenceAccuracy:P1} of the sequences without an error");
        foreach ((int length, SequenceMetrics part) in metrics.ByLength)
            Console.WriteLine($"{length} steps: {part.ElementAccuracy:P1}");

        var folds = ml.Sequence.CrossValidate(train, trainer, numberOfFolds: 3);
        Console.WriteLine(folds.Average(fold => fold.Metrics.ElementAccuracy));

        Assert.HasCount(3, folds);
        Assert.IsGreaterThan(0.5, metrics.ElementAccuracy);
    }

    [TestMethod]
    public void OptionsAreSearched()
    {
        IDataView train = Parities(0, 60), validation = Parities(60, 30), test = Parities(90, 30);

        SweepResult<LstmTrainer.Options> sweep = ml.Sequence.Sweep(train, validation,
            new LstmTrainer.Options { ControllerSize = 16, LearningRate = 2e-3, NumberOfIterations = 60 },
            new SweepOptions { NumberOfTrials = 4, Seed = 1 });
        Console.WriteLine($"{sweep.MetricName} {sweep.Best.Metric:F3} with a learning rate of {sweep.Options.LearningRate:G2}");
        IDataView scored = sweep.Model.Transform(test);

        Assert.HasCount(30, scored.GetColumn<float[]>("Score"));
    }

    [TestMethod]
    public void ASavedModelServes()
    {
        string path = Path.GetTempFileName();
        IDataView data = Parities(0, 30);
        ml.Model.Save(ml.Sequence.Trainers.Lstm(Small()).Fit(data), data.Schema, path);

        ITransformer loaded = ml.Model.Load(path, out DataViewSchema schema);
        using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(loaded);
        Answer answer = engine.Predict(new Row { Features = [0, 1, 1] });

        var engines = new ConcurrentBag<PredictionEngine<Row, Answer>>();
        Answer Predict(Row row)
        {
            if (!engines.TryTake(out PredictionEngine<Row, Answer>? free))
                free = ml.Model.CreatePredictionEngine<Row, Answer>(loaded);
            try
            {
                return free.Predict(row);
            }
            finally
            {
                engines.Add(free);
            }
        }

        float[][] together = [.. Enumerable.Range(0, 200).AsParallel().WithDegreeOfParallelism(8)
            .Select(_ => Predict(new Row { Features = [0, 1, 1] }).Score)];
        Assert.IsTrue(together.All(scores => scores.SequenceEqual(answer.Score)));

        SequenceStepEngine<Step, StepAnswer> stream = ml.Sequence.CreateStepEngine<Step, StepAnswer>(loaded);
        float first = stream.Step(new Step { Features = [0] }).Score[0];
        float second = stream.Step(new Step { Features = [1] }).Score[0];
        byte[] state = stream.SaveState();

        CollectionAssert.AreEqual(answer.Score[..2], new[] { first, second });
        Assert.IsNotEmpty(state);
        Assert.IsNotNull(schema);
        File.Delete(path);
    }

    [TestMethod]
    public void AMemoryIsLookedInto()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        IDataView data = Parities(0, 20);
        var options = new NtmTrainer.Options { ControllerSize = 8, MemorySlots = 6, MemoryWidth = 4, NumberOfIterations = 3 };
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(data);

        foreach (SequenceTrace trace in ml.Sequence.Trace(model, ml.Data.TakeRows(data, 1)))
        {
            trace.SaveHtml(Path.Combine(folder, "sequence.html"));
            trace.SaveSvg(Path.Combine(folder, "sequence.svg"));
            Console.WriteLine(trace["write 1 weighting"][0].Length);
        }

        Assert.HasCount(2, Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    private static LstmTrainer.Options Small() => new() { ControllerSize = 8, LearningRate = 0.01, NumberOfIterations = 100 };

    private IDataView Parities(int first, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(first, count).Select(Parity).ToList());

    private static Row Parity(int seed)
    {
        var random = new Random(seed);
        float[] bits = [.. Enumerable.Range(0, 3 + seed % 4).Select(_ => (float)random.Next(2))];
        return new Row { Features = bits, Label = [.. bits.Select((_, i) => bits[..(i + 1)].Sum() % 2 == 1)] };
    }

    private sealed class Row
    {
        [VectorType(0, 1)] public float[] Features { get; set; } = [];
        [VectorType(0, 1)] public bool[] Label { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Step
    {
        [VectorType(0, 1)] public float[] Features { get; set; } = [];
    }

    private sealed class StepAnswer
    {
        public float[] Score { get; set; } = [];
    }
}
