using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class DataSurveyTests
{
    [TestMethod]
    public void EachColumnOfNumbersIsMeasuredAndKeysAreNot()
    {
        Row[] rows = [.. Enumerable.Range(0, 50).Select(i => new Row
        {
            Features = [i, 100, i + 1, 100],
            More = [0.5f, -0.5f],
            Tokens = [1, 4],
            Label = [10 * i, float.NaN],
        })];
        DataSurvey survey = Survey(rows, new() { FeatureColumnNames = ["Features", "Tokens", "More"] });

        float[] values = [.. rows.SelectMany(row => new[] { row.Features[0], row.Features[2] })],
            targets = [.. rows.Select(row => row.Label[0])];
        ChannelScaling features = survey.Format.Features[0].Scaling!, label = survey.Format.Label.Scaling!;
        CollectionAssert.AreEqual(new[] { values.Average(), 100 }, features.Centers);
        Assert.AreEqual(Deviation(values), features.Deviations[0], 1e-4f);
        Assert.AreEqual(ScalingRules.FeatureLimit, features.Limit);
        Assert.IsNull(survey.Format.Features[1].Scaling);
        Assert.IsNull(survey.Format.Features[2].Scaling);
        Assert.AreEqual(targets.Average(), label.Centers[0], 1e-3f);
        Assert.AreEqual(Deviation(targets), label.Deviations[0], 1e-3f);
        Assert.AreEqual((50, 50, 100, 50), (survey.Rows, survey.ScoredRows, survey.Targets, survey.ScoredTargets));
    }

    [TestMethod]
    public void TargetsOfOtherLossesAreNeverScaled()
    {
        var standardize = new SequenceColumns { FeatureScaling = SequenceScaling.Standardize, LabelScaling = SequenceScaling.Standardize };
        Row[] rows = [new() { Features = [1, 2], Label = [0], Flags = [true], Classes = [2] },
            new() { Features = [3, 4], Label = [1], Flags = [false], Classes = [3] }];

        Assert.IsNull(Survey(rows, standardize with { Loss = SequenceLoss.BinaryCrossEntropy }).Format.Label.Scaling);
        Assert.IsNull(Survey(rows, standardize with { LabelColumnName = "Flags" }).Format.Label.Scaling);
        Assert.IsNull(Survey(rows, standardize with { LabelColumnName = "Classes" }).Format.Label.Scaling);
        Assert.AreEqual(new ChannelScaling([0.5f], [0.5f]), Survey(rows, standardize).Format.Label.Scaling);
    }

    [TestMethod]
    public void OnlyTheLeadingRowsAreMeasured()
    {
        const int Beyond = 10;
        var row = new Row { Features = [2, 2], Label = [1] };
        IEnumerable<Row> Rows(int spread)
        {
            for (int i = 0; i < DataSurvey.MaxRows + Beyond; i++)
            {
                row.Features[0] = i < DataSurvey.MaxRows - spread ? i % 2 : 1_000;
                yield return row;
            }
        }

        DataSurvey survey = Survey(Rows(0), new() { FeatureScaling = SequenceScaling.Standardize });
        Assert.AreEqual(DataSurvey.MaxRows, survey.Rows);
        Assert.AreEqual(0.5f, survey.Format.Features[0].Scaling!.Centers[0], 1e-6f);
        Assert.AreNotEqual(0.5f,
            Survey(Rows(Beyond), new() { FeatureScaling = SequenceScaling.Standardize }).Format.Features[0].Scaling!.Centers[0]);
    }

    [TestMethod]
    public void WithNothingToMeasureTheLabelsOfAThousandRowsAreCountedAndMoreUntilOneIsScored()
    {
        var columns = new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Classes" };
        IEnumerable<Row> Rows(int first) => Enumerable.Range(0, 3_000)
            .Select(i => new Row { Tokens = [1], Classes = [i < first ? 0u : 1u] });

        Assert.AreEqual((1_000, 900), Counts(Survey(Rows(100), columns)));
        Assert.AreEqual((2_501, 1), Counts(Survey(Rows(2_500), columns)));
        static (long, long) Counts(DataSurvey survey) => (survey.Rows, survey.ScoredRows);
    }

    [TestMethod]
    public void BooleanAnswersToTokensNeedNoLook()
    {
        var view = new CountingView(View([new() { Tokens = [1], Flags = [true] }]));
        var columns = new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Flags" };
        SequenceFormat format = FormatResolver.Resolve(view, columns);
        int opened = view.Opened;

        DataSurvey.Of(view, format, columns, keeps: false, () => { });

        Assert.AreEqual(opened, view.Opened);
    }

    [TestMethod]
    public void MissingNumbersAreNotMeasured()
    {
        Row[] rows = [new() { Features = [10, float.NaN, 20, 7], Label = [1, 2] }];
        ChannelScaling scaling = Survey(rows, new() { MissingFeatures = MissingFeatures.Zero }).Format.Features[0].Scaling!;

        Assert.AreEqual((15f, 5f), (scaling.Centers[0], scaling.Deviations[0]));
        Assert.AreEqual(7f, scaling.Centers[1]);
    }

    [TestMethod]
    public void EmptyDataAndACancelledContextEndTheLook()
    {
        Row.Fails<InvalidOperationException>(() =>
            Survey([new() { Features = [], Label = [] }], new() { EmptySequences = EmptySequences.Skip }), "at least one row");
        IDataView view = View([new() { Features = [1, 2], Label = [1] }]);
        SequenceFormat format = FormatResolver.Resolve(view, new());
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            DataSurvey.Of(view, format, new(), keeps: false, () => throw new OperationCanceledException()));
    }

    private static DataSurvey Survey(IEnumerable<Row> rows, SequenceColumns columns)
    {
        IDataView view = View(rows);
        return DataSurvey.Of(view, FormatResolver.Resolve(view, columns), columns, keeps: false, () => { });
    }

    private static float Deviation(float[] values) => (float)Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2)));

    private static IDataView View(IEnumerable<Row> rows) => Row.View(rows, ("Features", Row.Steps(2)));
}
