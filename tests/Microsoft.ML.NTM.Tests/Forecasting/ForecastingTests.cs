using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Forecasting;

[TestClass]
public sealed class ForecastingTests
{
    private static readonly ForecastingOptions s_two = new()
    {
        ColumnNames = ["A", "B"],
        InputColumnNames = ["Extra"],
        SequenceColumnName = "Id",
        OrderColumnName = "Time",
        Window = 4,
        Horizon = 3,
    };

    [TestMethod]
    [DataRow(SeriesForm.Differences)]
    [DataRow(SeriesForm.Levels)]
    public void ForecastingPipelinesKeepTheirPromises(SeriesForm form)
    {
        var ml = new MLContext(seed: 1);
        IDataView table = Table(ml);
        IDataView bad = ml.Transforms.DropColumns("Extra").Fit(table).Transform(table);
        EstimatorConformance.Check(ml, ml.Sequence.Forecasting(s_two with { Form = form, Trainer = Quick(ml, 3) }), table, bad);
    }

    [TestMethod]
    public void ALearnedWaveOnATrendIsForecastBeyondWhatWasSeen()
    {
        var ml = new MLContext(seed: 1);
        Point[] points = [.. Enumerable.Range(0, 160).Select(i => new Point { A = 100 + i + 10 * MathF.Sin(0.5f * i) })];
        ITransformer model = ml.Sequence.Forecasting("A", horizon: 4, window: 12, trainer: Quick(ml, 500))
            .Fit(ml.Data.LoadFromEnumerable(points[..140]));

        SeriesForecast forecast = ml.Sequence.Forecast(model, ml.Data.LoadFromEnumerable(points[..140])).Single();
        double error = Enumerable.Range(0, 4).Average(k => Math.Abs(forecast.Values[k][0] - points[140 + k].A));
        double lastValue = Enumerable.Range(0, 4).Average(k => Math.Abs(points[139].A - points[140 + k].A));
        Assert.IsLessThan(0.5 * lastValue, error);
        Assert.IsNull(forecast.Sequence);
        StringAssert.StartsWith(forecast.ToString(), "+1: A ");
    }

    [TestMethod]
    public void AnswersAndLabelsAreInTheColumnsOwnUnits()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = Table(ml);
        IDataView scored = ml.Sequence.Forecasting(s_two with { Trainer = Quick(ml, 1) }).Fit(table).Transform(table);
        float[][] labels = [.. scored.GetColumn<float[]>("Label")], scores = [.. scored.GetColumn<float[]>("Score")];
        float[][] last = [.. scored.GetColumn<float[]>("LastValue")];

        // The first window of series a is its rows 0 to 4; after them come rows 5 to 7.
        int first = Array.IndexOf(scored.GetColumn<string>("Id").ToArray(), "a");
        Point[] a = [.. Points().Where(point => point.Id == "a").OrderBy(point => point.Time)];
        CollectionAssert.AreEqual(a[5..8].SelectMany(point => new[] { point.A, point.B }).ToArray(), labels[first]);
        CollectionAssert.AreEqual(new[] { a[4].A, a[4].B }, last[first]);
        Assert.AreEqual(0.0, ml.Sequence.Evaluate(scored).RootMeanSquaredError - Rmse(scores, labels), 1e-3);
        // A network of one update has learned next to nothing, and says about the last value.
        Assert.IsLessThan(50f, Math.Abs(scores[first][0] - last[first][0]));
    }

    [TestMethod]
    public void SeriesToldApartByKeysAreNamedByWhatTheKeysStandFor()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = Table(ml);
        IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey("Id")
            .Append(ml.Sequence.Forecasting(s_two with { Trainer = Quick(ml, 1) }));

        CollectionAssert.AreEquivalent(new[] { "a", "b" },
            ml.Sequence.Forecast(pipeline.Fit(table), table).Select(forecast => forecast.Sequence).ToArray());
    }

    [TestMethod]
    public void EverySeriesIsForecastFromItsNewestWindow()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = Table(ml), bare = ml.Data.LoadFromEnumerable(Points().Reverse());
        ITransformer model = ml.Sequence.Forecasting(s_two with { Trainer = Quick(ml, 5) }).Fit(table);
        IDataView scored = model.Transform(table);
        string[] ids = [.. scored.GetColumn<string>("Id")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];

        foreach (ITransformer each in new[] { model, EstimatorConformance.Reload(ml, model, table.Schema) })
        {
            IReadOnlyList<SeriesForecast> forecasts = ml.Sequence.Forecast(each, bare);
            CollectionAssert.AreEquivalent(new[] { "a", "b" }, forecasts.Select(forecast => forecast.Sequence).ToArray());
            foreach (SeriesForecast forecast in forecasts)
            {
                CollectionAssert.AreEqual(scores[Array.LastIndexOf(ids, forecast.Sequence)],
                    forecast.Values.SelectMany(step => step).ToArray());
                CollectionAssert.AreEqual(new[] { "A", "B" }, forecast.ColumnNames.ToArray());
            }
            Assert.HasCount(2, ml.Sequence.Forecast(each, bare, horizon: 2)[0].Values);
        }
        Data.Row.Fails<ArgumentException>(() => ml.Sequence.Forecast(model, bare, horizon: 4), "forecasts 3 rows", "other inputs", "Extra");
    }

    [TestMethod]
    [DataRow(SeriesForm.Differences)]
    [DataRow(SeriesForm.Levels)]
    public void FurtherRowsAreForecastFromTheAnswers(SeriesForm form)
    {
        var ml = new MLContext(seed: 1);
        List<Point> history = [.. Points().Where(point => point.Id == "a").OrderBy(point => point.Time)];
        ForecastingOptions options = new() { ColumnNames = ["A", "B"], Window = 4, Horizon = 2, Form = form, Trainer = Quick(ml, 5) };
        ITransformer model = ml.Sequence.Forecasting(options).Fit(ml.Data.LoadFromEnumerable(history));

        SeriesForecast far = ml.Sequence.Forecast(model, ml.Data.LoadFromEnumerable(history), horizon: 5).Single();
        Assert.HasCount(5, far.Values);
        for (int step = 0; step < 5; step += 2)
        {
            IReadOnlyList<IReadOnlyList<float>> near = ml.Sequence.Forecast(model, ml.Data.LoadFromEnumerable(history)).Single().Values;
            for (int k = step; k < Math.Min(step + 2, 5); k++)
                CollectionAssert.AreEqual(near[k - step].ToArray(), far.Values[k].ToArray());
            history.AddRange(near.Select(values => new Point { A = values[0], B = values[1] }));
        }
    }

    [TestMethod]
    public void WhatCannotBeForecastIsNamed()
    {
        var ml = new MLContext(seed: 1);
        Data.Row.Fails<ArgumentException>(() => ml.Sequence.Forecasting(new ForecastingOptions { Window = 0, Horizon = 0 }),
            "ColumnNames must name", "Window must be at least 1", "Horizon must be at least 1");
        Data.Row.Fails<ArgumentException>(() => ml.Sequence.Forecasting(
            new ForecastingOptions { ColumnNames = ["A"], InputColumnNames = ["A"] }), "'A' is named twice");
        IDataView table = ml.Data.LoadFromEnumerable(Points().Where(point => point.Id == "a"));
        ITransformer model = ml.Sequence.Forecasting("A", horizon: 2, window: 4, trainer: Quick(ml, 1)).Fit(table);
        Data.Row.Fails<InvalidOperationException>(() => ml.Sequence.Forecast(model, ml.Data.TakeRows(table, 4)), "at least 5 rows");
        ITransformer last = ml.Sequence.Transforms.Pack(["A"], "A", labelPlacement: LabelPlacement.Last, window: 4, horizon: 1)
            .Append(Quick(ml, 1)).Fit(table);
        Data.Row.Fails<ArgumentException>(() => ml.Sequence.Forecast(last, table), "LabelPlacement.Following");
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Sequence.Forecast(model, table, horizon: 0));
    }

    [TestMethod]
    public void RollingOriginsTestOnWhatComesAfterTheTraining()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 80).Select(i => new Point { A = i }));
        var folds = ml.Sequence.CrossValidateSeries(table, ml.Sequence.Forecasting("A", horizon: 2, window: 3, trainer: Quick(ml, 2)),
            numberOfFolds: 3);

        Assert.HasCount(3, folds);
        for (int k = 0; k < 3; k++)
        {
            // Blocks of 20 rows; a label's first row is the block's first, and its last one the block's last.
            float[][] labels = [.. folds[k].ScoredHoldOutSet.GetColumn<float[]>("Label").Where(label => !label.Any(float.IsNaN))];
            Assert.AreEqual(20f * (k + 1), labels[0][0]);
            Assert.AreEqual(20f * (k + 2) - 1, labels[^1][1]);
        }
        Data.Row.Fails<ArgumentException>(() => ml.Sequence.CrossValidateSeries(table, Quick(ml, 1)), "packs a table into windows");
    }

    private static double Rmse(float[][] scores, float[][] labels) => Math.Sqrt(
        scores.SelectMany(score => score).Zip(labels.SelectMany(label => label))
        .Where(pair => !float.IsNaN(pair.Second)).Average(pair => Math.Pow(pair.First - pair.Second, 2)));

    private static LstmTrainer Quick(MLContext ml, int iterations) => ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
    {
        ControllerSize = 12,
        NumberOfIterations = iterations,
        LearningRate = 0.01,
        Optimizer = OptimizerKind.Adam,
        NumberOfThreads = 1,
        Seed = 1,
    });

    // Two series whose rows stand mixed.
    private static Point[] Points() => [.. Enumerable.Range(0, 40).Select(i => new Point
    {
        Id = i % 3 == 0 ? "b" : "a",
        Time = (i * 17) % 40,
        A = 20 * MathF.Sin(i),
        B = 1000 + 30 * MathF.Cos(2 * i),
        Extra = i % 5,
    })];

    private static IDataView Table(MLContext ml) => ml.Data.LoadFromEnumerable(Points());

    private sealed class Point
    {
        public string Id { get; set; } = "";
        public int Time { get; set; }
        public float A { get; set; }
        public float B { get; set; }
        public float Extra { get; set; }
    }
}
