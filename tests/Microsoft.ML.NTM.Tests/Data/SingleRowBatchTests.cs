using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class SingleRowBatchTests
{
    [TestMethod]
    public void EveryStepAnswersAtEveryStep()
    {
        Row row = new() { Features = [1, 2, 3, 4, 5, 6], Label = [7, float.NaN] };
        SequenceBatch batch = Read(row, new SequenceColumns(), ColumnUse.Training, ("Features", Row.Steps(3)));

        Assert.AreEqual((1, 2, 2, 0), (batch.Rows, batch.Steps, batch.Lengths[0], batch.OutputStarts[0]));
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, batch.Inputs);
        CollectionAssert.AreEqual(new[] { 7, float.NaN }, batch.Targets);
    }

    [TestMethod]
    public void AfterInputReadsThenADelimiterThenAnswersWithoutInput()
    {
        Row row = new() { Features = [1, 2, 3, 4], Label = [5, 6, 7] };
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, OutputSize = 1 };
        SequenceBatch batch = Read(row, columns, ColumnUse.Training, ("Features", Row.Steps(2)));

        Assert.AreEqual((6, 3), (batch.Lengths[0], batch.OutputStarts[0]));
        CollectionAssert.AreEqual(new float[] { 1, 2, 0, 3, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, batch.Inputs);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, float.NaN, 5, 6, 7 }, batch.Targets);
    }

    [TestMethod]
    public void ScoringNeedsNoLabelAndAnswersAsLongAsAsked()
    {
        Row row = new() { Features = [1, 2, 3, 4], Answers = 5 };
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, OutputSize = 1 };

        Assert.AreEqual(3 + 2, Read(row, columns, ColumnUse.Scoring, ("Features", Row.Steps(2))).Lengths[0]);
        Assert.AreEqual(3 + 7, Read(row, columns with { OutputLength = 7 }, ColumnUse.Scoring, ("Features", Row.Steps(2))).Lengths[0]);
        columns = columns with { OutputLength = 7, OutputLengthColumnName = "Answers" };
        SequenceBatch batch = Read(row, columns, ColumnUse.Scoring, ("Features", Row.Steps(2)));
        Assert.AreEqual(3 + 5, batch.Lengths[0]);
        Assert.IsTrue(batch.Targets.All(float.IsNaN));
    }

    [TestMethod]
    public void ScalarLabelIsOneAnswerAfterTheLastStep()
    {
        Row row = new() { Features = [1, 2, 3], Number = 9, Flag = true, Class = 1 };
        foreach ((string label, float target) in new[] { ("Number", 9f), ("Flag", 1f), ("Class", 1f) })
        {
            SequenceBatch batch = Read(row, new SequenceColumns { LabelColumnName = label }, ColumnUse.Training);
            Assert.AreEqual((3, 2), (batch.Lengths[0], batch.OutputStarts[0]), label);
            CollectionAssert.AreEqual(new[] { float.NaN, float.NaN, target }, batch.Targets, label);
        }
        var after = new SequenceColumns { LabelColumnName = "Number", Alignment = SequenceAlignment.AfterInput };
        SequenceBatch late = Read(row, after, ColumnUse.Training);
        Assert.AreEqual((5, 4), (late.Lengths[0], late.OutputStarts[0]));
    }

    [TestMethod]
    public void KeysAreOneHotAndTheMissingKeyIsAZeroStep()
    {
        Row row = new() { Tokens = [2, 0, 4], Classes = [3, 0, 1] };
        var columns = new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Classes" };
        SequenceBatch batch = Read(row, columns, ColumnUse.Training);

        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, batch.Inputs);
        CollectionAssert.AreEqual(new[] { 2, float.NaN, 0 }, batch.Targets);
    }

    [TestMethod]
    public void SeveralKeysPerStepAreSeveralOneHotGroups()
    {
        Row row = new() { Tokens = [2, 0, 4, 1] };
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), 4), 0, 2);
        SequenceBatch batch = Read(row, new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Number" },
            ColumnUse.Training, ("Tokens", type));

        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0 }, batch.Inputs);
    }

    [TestMethod]
    public void ColumnsStandSideBySideInEachStep()
    {
        Row row = new() { Features = [1, 2, 3, 4], Tokens = [4, 1], More = [5, 6] };
        var columns = new SequenceColumns
        {
            FeatureColumnNames = ["Features", "Tokens", "More"],
            LabelColumnName = "Flag",
            Alignment = SequenceAlignment.AfterInput,
        };
        SequenceBatch batch = Read(row, columns, ColumnUse.Training, ("Features", Row.Steps(2)));

        CollectionAssert.AreEqual(new float[] { 1, 2, 0, 0, 0, 1, 5, 0 }, batch.Input(0, 0).ToArray());
        CollectionAssert.AreEqual(new float[] { 3, 4, 1, 0, 0, 0, 6, 0 }, batch.Input(1, 0).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 0, 0, 1 }, batch.Input(2, 0).ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 0, 0, 0 }, batch.Input(3, 0).ToArray());
    }

    [TestMethod]
    public void BooleansAreZeroAndOneAndWeightsAreRead()
    {
        Row row = new() { Features = [1, 2], Flags = [true, false], Weight = 2.5f };
        SequenceBatch batch = Read(row, new SequenceColumns { LabelColumnName = "Flags", ExampleWeightColumnName = "Weight" },
            ColumnUse.Training);

        CollectionAssert.AreEqual(new float[] { 1, 0 }, batch.Targets);
        Assert.AreEqual(2.5f, batch.Weights[0]);
    }

    [TestMethod]
    public void SparseVectorsReadAsDenseOnes()
    {
        var ml = new MLContext(1);
        IDataView view = Row.View([new() { Tokens = [2, 0, 4], Number = 1 }]);
        IDataView sparse = ml.Transforms.Conversion.MapKeyToVector("Features", "Tokens", outputCountVector: false).Fit(view)
            .Transform(view);
        SequenceFormat format = FormatResolver.Resolve(sparse, new SequenceColumns { LabelColumnName = "Number" });
        Assert.AreEqual(4, format.Spec.FeatureSize);

        using DataViewRowCursor cursor = sparse.GetRowCursor(sparse.Schema);
        Assert.IsTrue(cursor.MoveNext());
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, new SingleRowBatch(cursor, format).Read().Inputs);
    }

    [TestMethod]
    public void EveryKeyRepresentationIsRead()
    {
        foreach (DataKind kind in new[] { DataKind.Byte, DataKind.UInt16, DataKind.UInt32, DataKind.UInt64 })
        {
            var ml = new MLContext(1);
            IDataView view = Row.View([new() { Tokens = [2, 0, 4], Number = 1 }]);
            IDataView other = ml.Transforms.Conversion.ConvertType("Tokens", outputKind: kind).Fit(view).Transform(view);
            SequenceFormat format =
                FormatResolver.Resolve(other, new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Number" });
            using DataViewRowCursor cursor = other.GetRowCursor(other.Schema);
            Assert.IsTrue(cursor.MoveNext());
            float[] inputs = new SingleRowBatch(cursor, format).Read().Inputs;
            CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, inputs, $"{kind}");
        }
    }

    private static SequenceBatch Read(Row row, SequenceColumns columns, ColumnUse use, params (string, DataViewType)[] types)
    {
        IDataView view = Row.View([row], types);
        SequenceFormat format = FormatResolver.Resolve(view, columns);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        return new SingleRowBatch(cursor, format, use).Read();
    }
}
