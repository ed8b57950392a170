using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>Rows with holes, and rows with nothing.</summary>
[TestClass]
public sealed class MissingAndEmptyTests
{
    private static readonly ChannelScaling s_scaling = new([100, 0], [10, 1]);

    [TestMethod]
    public void MissingNumbersAreZeroAtUnitScale()
    {
        SequenceBatch batch = Read(new() { MissingFeatures = MissingFeatures.Zero }, s_scaling, [120, float.NaN, float.NaN, 3]);

        CollectionAssert.AreEqual(new float[] { 2, 0, 0, 3 }, batch.Inputs[..4]);
    }

    [TestMethod]
    public void IndicatorsStandBehindTheColumnsNumbers()
    {
        SequenceColumns columns = new() { MissingFeatures = MissingFeatures.ZeroWithIndicator };
        SequenceBatch batch = Read(columns, s_scaling, [120, float.NaN, float.NaN, 3]);

        CollectionAssert.AreEqual(new float[] { 2, 0, 0, 1, 0, 3, 1, 0 }, batch.Inputs[..8]);
    }

    [TestMethod]
    public void IndicatorsDoNotCountInInputSizeAndKeysHaveNone()
    {
        IDataView view = Row.View([new Row { Features = [1, 2, 3, float.NaN], Tokens = [1, 0], Label = [1, 2] }]);
        SequenceFormat format = FormatResolver.Resolve(view, new()
        {
            FeatureColumnNames = ["Features", "Tokens"],
            InputSize = 2 + 4,
            MissingFeatures = MissingFeatures.ZeroWithIndicator,
        });

        CollectionAssert.AreEqual(new[] { 4, 4 }, format.Features.Select(feature => feature.Width).ToArray());
        Assert.AreEqual(8, format.InputSize);
    }

    [TestMethod]
    public void InfinityIsAnErrorWhateverIsDoneAboutNaN()
    {
        SequenceColumns zero = new() { MissingFeatures = MissingFeatures.Zero };
        Row.Fails<InvalidOperationException>(() => Read(zero, null, [1, float.PositiveInfinity]),
            "'Features', row 0", "finite numbers or NaN", "Infinity at index 1");
        Row.Fails<InvalidOperationException>(() => Read(new(), null, [1, float.NaN]),
            "'Features', row 0", "MissingFeatures = Zero", "NaN at index 1");
    }

    [TestMethod]
    public void AnEmptySequenceIsScoredAsOneStepWithoutInput()
    {
        SequenceColumns columns = new() { MissingFeatures = MissingFeatures.ZeroWithIndicator };
        SequenceBatch batch = Read(columns, s_scaling, []);
        Assert.AreEqual((1, 0), (batch.Lengths[0], batch.OutputStarts[0]));
        CollectionAssert.AreEqual(new float[4], batch.Inputs[..4]);

        batch = Read(new() { Alignment = SequenceAlignment.AfterInput, OutputLength = 2, OutputSize = 1 }, null, []);
        Assert.AreEqual((4, 2), (batch.Lengths[0], batch.OutputStarts[0]));
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 1 }, batch.Inputs[..6], "no input, then the delimiter");
    }

    [TestMethod]
    public void TrainingSkipsEmptySequencesWhereItIsTold()
    {
        Row[] rows = [new() { Label = [] }, new() { Features = [1], Label = [1] }, new(), new() { Features = [1, 2], Label = [1, 2] }];
        IDataView view = Row.View(rows);
        SequenceFormat format = FormatResolver.Resolve(view, new() { EmptySequences = EmptySequences.Skip });
        using var training = new TrainingBatches(view, format, batchSize: 4, seed: 1);
        using var validation = new OrderedBatches(view, format, ColumnUse.Training, batchSize: 4);

        CollectionAssert.AreEqual(new[] { 2, 1 }, training.Next().Lengths[..2]);
        CollectionAssert.AreEqual(new long[] { 3, 1 }, validation.Next()!.RowIds[..2]);
        Assert.IsNull(validation.Next());
        Row.Fails<InvalidOperationException>(() => FormatResolver.Resolve(view, new()),
            "'Features', row 0", "EmptySequences = Skip", "an empty sequence");
    }

    [TestMethod]
    public void AServiceThatIsSentAnEmptyTextGetsAnAnswer()
    {
        var ml = new MLContext(1);
        Text[] texts = [new() { Words = ["a", "b"], Label = true }, new() { Words = ["b"] }, new() { Words = [] }];
        IDataView data = ml.Data.LoadFromEnumerable(texts);
        var options = new LstmTrainer.Options { ControllerSize = 4, NumberOfIterations = 2, EmptySequences = EmptySequences.Skip };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Features", "Words").Append(ml.Sequence.Trainers.Lstm(options));

        float[] scores = [.. pipeline.Fit(data).Transform(data).GetColumn<float>("Probability")];

        Assert.HasCount(3, scores);
        Assert.IsTrue(scores.All(float.IsFinite));
    }

    private static SequenceBatch Read(SequenceColumns columns, ChannelScaling? scaling, float[] features)
    {
        IDataView view = Row.View([new Row { Features = features, Label = [1, 2] }], ("Features", Row.Steps(2)), ("Label", Row.Steps(1)));
        SequenceFormat format = FormatResolver.Resolve(view, columns);
        format = format with { Features = [format.Features[0] with { Scaling = scaling }] };
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        cursor.MoveNext();
        return new SingleRowBatch(cursor, format).Read();
    }

    private sealed class Text
    {
        public string[] Words { get; set; } = [];
        public bool Label { get; set; }
    }
}
