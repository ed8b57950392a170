using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Issues;

/// <summary>Tables as people have them: decimal commas, series with gaps, texts beside numbers, fewer rows than a window.</summary>
[TestClass]
public sealed class MissingReadingsTests
{
    [TestMethod]
    public void AColumnThatIsNeverANumberIsAWarningThatNamesIt()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        ml.Sequence.Transforms.Pack(["X", "Y"], "X", labelPlacement: LabelPlacement.Last, window: 2)
            .Append(ml.Sequence.Trainers.Lstm(Quick(MissingFeatures.Zero))).Fit(View(ml, 30, i => new Reading { X = i, Y = float.NaN }));

        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "'Y' in column 'Features' is NaN in all of the first");
        StringAssert.Contains(warnings[0], "decimal commas");
    }

    [TestMethod]
    public void FeaturesThatAreNeverANumberAreAnError()
    {
        var ml = new MLContext(1);
        Tests.Data.Row.Fails<InvalidOperationException>(() => ml.Sequence.Transforms.Pack(["Y"], "X", window: 2)
            .Append(ml.Sequence.Trainers.Lstm(Quick(MissingFeatures.ZeroWithIndicator)))
            .Fit(View(ml, 30, i => new Reading { X = i, Y = float.NaN })), "none but NaN", "decimal commas");
    }

    [TestMethod]
    public void NotANumberSaysThatDecimalCommasLoadSo()
    {
        var ml = new MLContext(1);
        Tests.Data.Row.Fails<InvalidOperationException>(() => ml.Sequence.Transforms.Pack(["X"], "Y", window: 2)
            .Append(ml.Sequence.Trainers.Lstm(Quick(MissingFeatures.Error))).Fit(View(ml, 30, i => new Reading { X = float.NaN, Y = i })),
            "decimal commas", "column 'X'");
    }

    [TestMethod]
    public void ASeriesIsForecastFromItsLastKnownValue()
    {
        var ml = new MLContext(1);
        IDataView table = View(ml, 60, i => new Reading { X = i % 5 == 4 ? float.NaN : 100 + i });
        ITransformer model = Forecasting(ml, window: 6).Fit(table);
        IDataView scored = model.Transform(table);

        // The last of 60 rows is missing; the one before it is 158.
        Assert.AreEqual(158f, scored.GetColumn<float[]>("LastValue").Last()[0]);
        Assert.IsLessThan(60f, Math.Abs(ml.Sequence.Forecast(model, table)[0].Values[0][0] - 158));
        Assert.IsTrue(double.IsFinite(ml.Sequence.Evaluate(scored).RootMeanSquaredError));
    }

    [TestMethod]
    public void AWindowWithoutAReadingHasNoAnswerAndIsNotMeasured()
    {
        var ml = new MLContext(1);
        IDataView table = View(ml, 60, i => new Reading { X = i is >= 40 and < 48 ? float.NaN : 100 + i });
        SequenceMetrics metrics = ml.Sequence.Evaluate(Forecasting(ml, window: 6).Fit(table).Transform(table));

        // 54 windows of 7 rows; the 8 rows of the gap are no labels, nor is what follows windows that lie in it, nor what follows the last.
        Assert.AreEqual(8 + 1 + 1, metrics.UnscoredElements);
        Assert.IsTrue(double.IsFinite(metrics.RootMeanSquaredError));
    }

    [TestMethod]
    public void FewerRowsThanAWindowIsAnErrorThatSaysHowManyItTakes()
    {
        var ml = new MLContext(1);
        Tests.Data.Row.Fails<InvalidOperationException>(
            () => ml.Sequence.Forecasting("X", window: 24).Fit(View(ml, 15, i => new Reading { X = i })), "at least 25 rows", "window");
    }

    [TestMethod]
    public void RowsBeyondTheLastAreNotCalledMissingKeys()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        ml.Sequence.Forecasting("X", window: 12, horizon: 3, trainer: ml.Sequence.Trainers.Lstm(Quick(MissingFeatures.Error)))
            .Fit(View(ml, 15, i => new Reading { X = i }));

        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], "beyond the last row");
    }

    [TestMethod]
    public void TextsSayWhatMakesThemServe()
    {
        var ml = new MLContext(1);
        IDataView table = View(ml, 9, i => new Reading { X = i });
        Tests.Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Transforms.Pack(["X", "Name"]).Fit(table), "OneHotEncoding");
        Tests.Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Transforms.Pack(["X"], orderColumnName: "Name").Fit(table),
            "DataKind.DateTime");
    }

    private static IEstimator<ITransformer> Forecasting(MLContext ml, int window) =>
        ml.Sequence.Forecasting("X", window: window, trainer: ml.Sequence.Trainers.Lstm(Quick(MissingFeatures.Zero)));

    private static LstmTrainer.Options Quick(MissingFeatures missing) =>
        new() { ControllerSize = 4, NumberOfIterations = 3, MissingFeatures = missing };

    private static List<string> Warnings(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, line) =>
        {
            if (line.Kind == Runtime.ChannelMessageKind.Warning)
                lines.Add(line.Message);
        };
        return lines;
    }

    private static IDataView View(MLContext ml, int rows, Func<int, Reading> row) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(row).ToList());

    private sealed class Reading
    {
        public float X { get; set; }
        public float Y { get; set; }
        public string Name { get; set; } = "a";
    }
}
