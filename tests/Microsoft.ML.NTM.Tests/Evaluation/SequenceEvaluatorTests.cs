using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Evaluation;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Evaluation;

/// <summary>Scored views: the column "More" stands for the score.</summary>
[TestClass]
public sealed class SequenceEvaluatorTests
{
    [TestMethod]
    public void NumberLabelsAreComparedWithBits()
    {
        Row[] rows =
        [
            new() { Features = [1, 2, 3, 4], Label = [1, 0], More = [0.75f, 0.75f] },
            new() { Features = [1, 2], Label = [float.NaN], More = [0.75f] },
        ];
        var format = new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1, Feature: new FeatureFormat("Features", 2));
        SequenceMetrics metrics = SequenceEvaluator.Evaluate(Row.View(rows), format, "Label", "More");

        Assert.AreEqual((1L, 2L, 1L), (metrics.Sequences, metrics.Elements, metrics.Errors));
        Assert.AreEqual(-(Math.Log(0.75) + Math.Log(0.25)), metrics.Loss, 1e-12);
        CollectionAssert.AreEqual(new[] { 2 }, metrics.ByLength.Keys.ToArray());
    }

    [TestMethod]
    public void KeyAndBooleanLabelsAreCompared()
    {
        Row[] rows = [new() { Classes = [3, 0], Flags = [true, false], More = [0.25f, 0.25f, 0.5f, 1, 0, 0] }];
        SequenceMetrics classes =
            SequenceEvaluator.Evaluate(Row.View(rows), new ScoreFormat(SequenceLoss.CrossEntropy, 3), "Classes", "More");
        Assert.AreEqual((1L, 1L, 0L), (classes.Steps, classes.Elements, classes.Errors));
        Assert.AreEqual(-Math.Log(0.5), classes.Loss, 1e-12);
        CollectionAssert.AreEqual(new[] { 2 }, classes.ByLength.Keys.ToArray(), "answer steps, where the input is unknown");

        rows[0].More = [0.25f, 0.25f];
        SequenceMetrics flags =
            SequenceEvaluator.Evaluate(Row.View(rows), new ScoreFormat(SequenceLoss.BinaryCrossEntropy, 1), "Flags", "More");
        Assert.AreEqual((2L, 1L), (flags.Elements, flags.Errors));
    }

    [TestMethod]
    public void ScalarScoresAreComparedWithScalarLabels()
    {
        Row[] rows = [new() { Number = 3, Weight = 1 }, new() { Number = 1, Weight = 1 }];
        SequenceMetrics metrics =
            SequenceEvaluator.Evaluate(Row.View(rows), new ScoreFormat(SequenceLoss.SquaredError, 1), "Number", "Weight");
        Assert.AreEqual(2.0, metrics.Loss, 1e-12);
        Assert.AreEqual(-1.0, metrics.RSquared, 1e-12);
    }

    [TestMethod]
    public void LabelAndScoreOfDifferentLengthAreAnError()
    {
        Row[] rows = [new() { Label = [1, 2], More = [1, 2] }, new() { Label = [1, 2, 3], More = [1, 2] }];
        Row.Fails<InvalidOperationException>(() => Evaluate(rows, new ScoreFormat(SequenceLoss.SquaredError, 1)),
            "'Label'", "row 1", "2 values (2 answer steps of 'More' times 1)", "got 3 values");
        Row.Fails<InvalidOperationException>(() => Evaluate(rows, new ScoreFormat(SequenceLoss.SquaredError, 3)),
            "'More'", "row 0", "step of 3 scores", "got 2 values");
    }

    [TestMethod]
    public void LabelsOfAnotherKindAreRefused()
    {
        Row[] rows = [new()];
        Refuses(rows, SequenceLoss.CrossEntropy, 3, "Label", "More", "label column 'Label'", "expected keys", "got Single");
        Refuses(rows, SequenceLoss.CrossEntropy, 4, "Classes", "More", "label column 'Classes'", "keys 1..4",
            "got Vector<Key<UInt32, 0-2>");
        Refuses(rows, SequenceLoss.SquaredError, 1, "Text", "More", "label column 'Text'", "got String");
        Refuses(rows, SequenceLoss.SquaredError, 1, "Label", "Text", "score column 'Text'", "expected Single", "got String");
        Refuses(rows, SequenceLoss.SquaredError, 1, "Nothing", "More", "label column 'Nothing'");
        Refuses(rows, SequenceLoss.SquaredError, 1, "Label", "Nothing", "score column 'Nothing'");
    }

    [TestMethod]
    public void NoRowsAreAnError() =>
        Row.Fails<InvalidOperationException>(() => Evaluate([], new ScoreFormat(SequenceLoss.SquaredError, 1)), "at least one row",
            "'More'");

    [TestMethod]
    public void FormatOfAModelTellsWhatItsScoresMean()
    {
        var columns = new SequenceColumns { FeatureColumnNames = ["Tokens"], LabelColumnName = "Classes", OutputSize = 6 };
        ScoreFormat format = ScoreFormat.Of(FormatResolver.Resolve(Row.View([new()]), columns));
        Assert.AreEqual(new ScoreFormat(SequenceLoss.CrossEntropy, 6, 2, Feature: new FeatureFormat("Tokens", 1, 4)), format);
        Assert.AreEqual(2, format.TargetSize);
    }

    private static void Evaluate(Row[] rows, ScoreFormat format) => SequenceEvaluator.Evaluate(Row.View(rows), format, "Label", "More");

    private static void Refuses(Row[] rows, SequenceLoss loss, int outputs, string label, string score, params string[] parts) =>
        Row.Fails<ArgumentOutOfRangeException>(
            () => SequenceEvaluator.Evaluate(Row.View(rows), new ScoreFormat(loss, outputs), label, score), parts);
}
