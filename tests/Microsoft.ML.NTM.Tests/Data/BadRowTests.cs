using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>Every bad row and what it says.</summary>
[TestClass]
public sealed class BadRowTests
{
    private static readonly Row s_good = new()
    {
        Features = [1, 2, 3, 4],
        Label = [1, 0],
        Flags = [true, false],
        Classes = [1, 3],
        Tokens = [1, 4],
        Number = 1,
    };

    [TestMethod]
    public void EmptySequence() => Fails(new() { Label = [] }, new(), "'Features'", "row 1", "at least one step", "an empty sequence");

    [TestMethod]
    public void LengthThatIsNoMultipleOfTheStepSize() =>
        Fails(new() { Features = [1, 2, 3], Label = [1] }, new(), "'Features'", "row 1", "a multiple of 2 values", "got 3 values");

    [TestMethod]
    public void NotANumberInFeatures() =>
        Fails(new() { Features = [1, float.NaN], Label = [1] }, new(), "'Features'", "row 1", "finite numbers", "got NaN at index 1");

    [TestMethod]
    public void InfinityInFeatures() =>
        Fails(new() { Features = [float.NegativeInfinity, 1], Label = [1] }, new(), "'Features'", "row 1", "finite numbers",
            "got -Infinity at index 0");

    [TestMethod]
    public void LabelOfAnotherLengthThanTheFeatures()
    {
        Fails(new() { Features = [1, 2], Label = [1, 2] }, new(), "'Label'", "row 1", "1 values (1 steps of 'Features' times 1)",
            "got 2 values");
        Fails(new() { Features = [1, 2] }, new(), "'Label'", "row 1", "expected 1 values", "got 0 values");
        Fails(new() { Features = [1, 2], Classes = [1, 2, 3] }, new() { LabelColumnName = "Classes" }, "'Classes'", "row 1",
            "got 3 values");
    }

    [TestMethod]
    public void AnswersThatAreNoWholeSteps()
    {
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, OutputSize = 2 };
        Fails(new() { Features = [1, 2], Label = [1, 2, 3] }, columns, "'Label'", "row 1", "step of 2 values", "got 3 values");
        Fails(new() { Features = [1, 2] }, columns, "'Label'", "row 1", "at least one step", "got 0 values");
    }

    [TestMethod]
    public void TargetsOutsideZeroAndOneForBinaryCrossEntropy()
    {
        var columns = new SequenceColumns { Loss = SequenceLoss.BinaryCrossEntropy };
        Fails(new() { Features = [1, 2], Label = [1.5f] }, columns, "'Label'", "row 1", "targets in [0, 1]", "got 1.5 at index 0");
        Fails(new() { Features = [1, 2], Label = [-1f] }, columns, "'Label'", "row 1", "targets in [0, 1]", "got -1 at index 0");
    }

    [TestMethod]
    public void InfiniteTargets() =>
        Fails(new() { Features = [1, 2], Label = [float.PositiveInfinity] }, new(), "'Label'", "row 1", "finite targets (or NaN)",
            "got Infinity at index 0");

    [TestMethod]
    public void KeysBeyondTheirCount()
    {
        var tokens = new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Flags" };
        Fails(new() { Tokens = [2, 5], Flags = [true, true] }, tokens, "'Tokens'", "row 1", "keys up to 4", "got 5 at index 1");
        Fails(new() { Features = [1, 2], Classes = [7] }, new() { LabelColumnName = "Classes" }, "'Classes'", "row 1", "keys up to 3",
            "got 7 at index 0");
    }

    [TestMethod]
    public void FeatureColumnsOfDifferentLength()
    {
        var columns = new SequenceColumns { FeatureColumnNames = ["Features", "Tokens"], LabelColumnName = "Flags" };
        Fails(new() { Features = [1, 2, 3, 4], Tokens = [1], Flags = [true, true] }, columns, "'Tokens'", "row 1",
            "2 steps, as in 'Features'", "got 1 steps");
    }

    [TestMethod]
    public void WeightsThatAreNoWeights()
    {
        var columns = new SequenceColumns { ExampleWeightColumnName = "Weight" };
        foreach (float weight in new[] { -1f, float.NaN, float.PositiveInfinity })
            Fails(new() { Features = [1, 2], Label = [1], Weight = weight }, columns, "'Weight'", "row 1", "a finite weight of at least 0");
    }

    [TestMethod]
    public void OutputLengthsThatAreNoLengths()
    {
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, OutputSize = 1, OutputLengthColumnName = "Answers" };
        Fails(ColumnUse.Scoring, new() { Features = [1, 2], Answers = 0 }, columns, "'Answers'", "row 1", "a whole number of at least 1",
            "got 0");
        Fails(ColumnUse.Scoring, new() { Features = [1, 2], Answers = -3 }, columns, "'Answers'", "row 1", "got -3");
        Fails(ColumnUse.Scoring, new() { Features = [1, 2], Answers = int.MaxValue }, columns, "'Features'", "row 1", "at most", "steps");
    }

    [TestMethod]
    public void OutputLengthsThatAreNoWholeNumbers()
    {
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, OutputSize = 1, OutputLengthColumnName = "Number" };
        Fails(ColumnUse.Scoring, new() { Features = [1, 2], Number = 2.5f }, columns, "'Number'", "row 1", "a whole number", "got 2.5");
        Fails(ColumnUse.Scoring, new() { Features = [1, 2], Number = float.NaN }, columns, "'Number'", "row 1", "a whole number",
            "got NaN");
    }

    [TestMethod]
    public void ColumnsThatDifferFromTraining()
    {
        SequenceFormat format = FormatResolver.Resolve(View(s_good), new SequenceColumns { FeatureColumnNames = ["Features", "Tokens"] });
        Differs(format, ("Features", Row.Steps(3)), "feature column 'Features'", "2 per step, as in training", "got Vector<Single, *, 3>");
        Differs(format, ("Features", new VectorDataViewType(NumberDataViewType.Single, 5)), "'Features'", "a multiple of 2 values",
            "Vector<Single, 5>");
        Differs(format, ("Tokens", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5))), "'Tokens'", "keys 1..4",
            "got Vector<Key<UInt32, 0-4>");
        Differs(format, ("Label", Row.Steps(2)), "label column 'Label'", "1 per step, as in training", "got Vector<Single, *, 2>");
    }

    [TestMethod]
    public void BatchesRefuseWhatTheReaderRefuses()
    {
        IDataView view = View(s_good, new Row());
        SequenceFormat format = FormatResolver.Resolve(view, new SequenceColumns());
        using var training = new TrainingBatches(view, format, batchSize: 4, seed: 1);
        Row.Fails<InvalidOperationException>(() => training.Next(), "'Features'", "row 1", "empty");
        using var ordered = new OrderedBatches(view, format, ColumnUse.Training, batchSize: 4);
        Row.Fails<InvalidOperationException>(() => ordered.Next(), "'Features'", "row 1", "empty");
    }

    private static void Fails(Row bad, SequenceColumns columns, params string[] parts) => Fails(ColumnUse.Training, bad, columns, parts);

    private static void Fails(ColumnUse use, Row bad, SequenceColumns columns, params string[] parts)
    {
        IDataView view = View(s_good, bad);
        SequenceFormat format = FormatResolver.Resolve(View(s_good), columns);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var reader = new SingleRowBatch(cursor, format, use);
        Assert.IsTrue(cursor.MoveNext());
        reader.Read();
        Assert.IsTrue(cursor.MoveNext());
        Row.Fails<InvalidOperationException>(() => reader.Read(), [.. parts, "counted from 0"]);
    }

    private static void Differs(SequenceFormat format, (string, DataViewType) type, params string[] parts)
    {
        IDataView view = Row.View([s_good], ("Features", Row.Steps(2)), type);
        Row.Fails<ArgumentOutOfRangeException>(() => SequenceSchema.Check(format, view.Schema, ColumnUse.Training), parts);
    }

    private static IDataView View(params Row[] rows) => Row.View(rows, ("Features", Row.Steps(2)));
}
