using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>What a trainer measured on its data is in the model, wherever the model goes and whatever runs it.</summary>
[TestClass]
public sealed class ScalingTests
{
    // The network's own view of the data, made by hand: the same numbers at unit scale give the same weights.
    [TestMethod]
    [DataRow(SequenceBackend.Managed)]
    [DataRow(SequenceBackend.Torch)]
    public void ScaledDataTrainsAsTheSameDataScaledByHandOnEitherEngine(SequenceBackend backend)
    {
        var ml = new MLContext(seed: 1);
        Row[] rows = [.. Rows(30)];
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options(backend)).Fit(View(ml, rows));
        (ChannelScaling features, ChannelScaling label) = (model.Model.Format.Features[0].Scaling!, model.Model.Format.Label.Scaling!);
        Row[] byHand = [.. rows.Select(row => new Row
        {
            Features = [.. row.Features.Select((x, i) => (float)(((double)x - features.Centers[i % 2]) / features.Deviations[i % 2]))],
            Label = [.. row.Label.Select(y => (float)(((double)y - label.Centers[0]) / label.Deviations[0]))],
        })];
        LstmTrainer.Options plain = Options(backend);
        (plain.FeatureScaling, plain.LabelScaling) = (SequenceScaling.None, SequenceScaling.None);
        using SequenceTransformer expected = ml.Sequence.Trainers.Lstm(plain).Fit(View(ml, byHand));

        CollectionAssert.AreEqual(expected.Model.Parameters.Values, model.Model.Parameters.Values);
        Assert.AreEqual(expected.Model.History!.Reports[^1].Loss, model.Model.History!.Reports[^1].Loss);
        float[][] scores = Scores(model, View(ml, rows)), unit = Scores(expected, View(ml, byHand));
        for (int i = 0; i < scores.Length; i++)
            CollectionAssert.AreEqual(unit[i].Select(y => (float)(label.Centers[0] + (double)y * label.Deviations[0])).ToArray(),
                scores[i]);
        Assert.AreEqual(200_000, label.Centers[0], 20_000);
        Assert.AreEqual(70_000, label.Deviations[0], 20_000);
    }

    [TestMethod]
    public void EveryWayToScoreGivesTheLabelsUnits()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = View(ml, Rows(6));
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options()).Fit(data);
        float[][] scores = Scores(model, data);
        Row[] rows = [.. Rows(6)];

        SequenceStepEngine<Row, Answer> steps = ml.Sequence.CreateStepEngine<Row, Answer>(model);
        SequenceTrace[] traces = [.. ml.Sequence.Trace(model, data)];
        for (int row = 0; row < rows.Length; row++)
        {
            steps.Reset();
            float[] answers = [.. rows[row].Features.Chunk(2).Select(step => steps.Step(new Row { Features = step }).Score[0])];
            CollectionAssert.AreEqual(scores[row], answers);
            CollectionAssert.AreEqual(scores[row], Enumerable.Range(0, scores[row].Length)
                .Select(step => traces[row]["answers"].Step(step)[0]).ToArray());
            Assert.IsLessThan(10, Math.Abs(traces[row]["inputs"].Step(0)[0]), "A trace has the inputs as the network reads them.");
        }
    }

    [TestMethod]
    public void TheTorchEngineScoresAsTheManagedOneAndReadsAhead()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = View(ml, Rows(20));
        using SequenceTransformer managed = ml.Sequence.Trainers.Lstm(Options()).Fit(data);
        using var torch = new SequenceTransformer(((Runtime.IHostEnvironment)ml), managed.Model, SequenceBackend.Torch);

        float[][] expected = Scores(managed, data), actual = Scores(torch, data);
        for (int row = 0; row < expected.Length; row++)
        {
            for (int i = 0; i < expected[row].Length; i++)
                Assert.AreEqual(expected[row][i], actual[row][i], 1);
        }
    }

    [TestMethod]
    public void TheScalingIsInTheZip()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = View(ml, Rows(8));
        LstmTrainer.Options options = Options();
        options.MissingFeatures = MissingFeatures.ZeroWithIndicator;
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(options).Fit(data);

        var loaded = (SequenceTransformer)EstimatorConformance.Reload(ml, model, data.Schema);

        DataViewValues.AssertSame(model.Transform(data), loaded.Transform(data));
        Assert.AreEqual(model.Model.Format.Features[0], loaded.Model.Format.Features[0]);
        Assert.AreEqual(model.Model.Format.Label, loaded.Model.Format.Label);
    }

    [TestMethod]
    public void AWarmStartKeepsTheModelsScaling()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer first = ml.Sequence.Trainers.Lstm(Options()).Fit(View(ml, Rows(8)));
        IDataView others = View(ml, Rows(8)
            .Select(row => new Row { Features = [.. row.Features.Select(x => 3 * x)], Label = [.. row.Label.Select(y => y - 1e6f)] }));

        using SequenceTransformer next = ml.Sequence.Trainers.Lstm(Options()).Fit(others, null, first.Model);

        Assert.AreEqual(first.Model.Format.Features[0], next.Model.Format.Features[0]);
        Assert.AreEqual(first.Model.Format.Label, next.Model.Format.Label);
        Assert.IsGreaterThan(0, Scores(next, View(ml, Rows(1)))[0].Min(),
            "A few updates do not go from the first model's labels to those around -800,000.");
    }

    [TestMethod]
    public void ValidationDataIsScaledAsTheTrainingData()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options()).Fit(View(ml, Rows(30)), View(ml, Rows(5)));

        Assert.IsLessThan(20, model.Model.History!.ValidationLoss!.Value, "Six squared deviations at most, over three steps.");
    }

    [TestMethod]
    public void TheLogSaysWhatUnitsLossesHave()
    {
        var ml = new MLContext(seed: 1);
        var lines = new List<string>();
        ml.Log += (_, line) => lines.Add(line.Message);

        ml.Sequence.Trainers.Lstm(Options()).Fit(View(ml, Rows(8))).Dispose();

        const string Expected = "Of 2 channels of numbers 1 are scaled. "
            + "The label 'Label' is standardized: losses are in squared deviations";
        Assert.Contains(line => line.Contains(Expected), lines);
    }

    [TestMethod]
    public void KindsThatAreNoneAreRefused() => Tests.Data.Row.Fails<ArgumentException>(() => new MLContext().Sequence.Trainers.Lstm(new()
    {
        FeatureScaling = (SequenceScaling)7,
        LabelScaling = (SequenceScaling)8,
        MissingFeatures = (MissingFeatures)9,
        EmptySequences = (EmptySequences)10,
    }), "4 of the trainer's options", "it is 7", "it is 8", "it is 9", "it is 10");

    private static LstmTrainer.Options Options(SequenceBackend backend = SequenceBackend.Managed) => new()
    {
        ControllerSize = 5,
        NumberOfIterations = 3,
        BatchSize = 4,
        Seed = 2,
        NumberOfThreads = 1,
        Backend = backend,
    };

    // Prices from 100,000 to 300,000 by two channels, of which one is within [-1, 1].
    private static IEnumerable<Row> Rows(int count) => Enumerable.Range(0, count).Select(i => new Row
    {
        Features = [.. Enumerable.Range(0, 1 + i % 3).SelectMany(t => new[] { 1_000 + 500 * MathF.Sin(i + t), MathF.Cos(i * t) })],
        Label = [.. Enumerable.Range(0, 1 + i % 3).Select(t => 200_000 + 100_000 * MathF.Sin(i + t))],
    });

    private static IDataView View(MLContext ml, IEnumerable<Row> rows) => ml.Data.LoadFromEnumerable(rows.ToList());

    private static float[][] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float[]>("Score")];

    private sealed class Row
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];

        [VectorType(0, 1)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
