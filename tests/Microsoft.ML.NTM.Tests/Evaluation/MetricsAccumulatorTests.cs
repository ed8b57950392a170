using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Evaluation;

namespace Microsoft.ML.NTM.Tests.Evaluation;

[TestClass]
public sealed class MetricsAccumulatorTests
{
    [TestMethod]
    public void BinaryCrossEntropyAccumulatesOverTwoBatches()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 2));
        // First batch: one sequence of two steps; three bits right, one wrong.
        accumulator.Add(Batch(new float[] { 1, 0, 1, 1 }, perStep: 2), [0.5f + 0.25f, 0.25f, 0.75f, 0.25f]);
        // Second batch: a sequence of one step whose second bit is masked; right.
        accumulator.Add(Batch(new[] { 0, float.NaN }, perStep: 2), [0.125f, 0.9f]);
        SequenceMetrics metrics = accumulator.ToMetrics();

        double first = -(3 * Math.Log(0.75) + Math.Log(0.25)), second = -Math.Log(0.875);
        Assert.AreEqual((2L, 3L, 5L), (metrics.Sequences, metrics.Steps, metrics.Elements));
        Assert.AreEqual((first + second) / 2, metrics.Loss, 1e-12);
        Assert.AreEqual((first + second) / 2 / Math.Log(2), metrics.BitsPerSequence, 1e-12);
        Assert.AreEqual(1L, metrics.Errors);
        Assert.AreEqual(0.5, metrics.WrongBitsPerSequence);
        Assert.AreEqual(0.5, metrics.ErrorsPerSequence);
        Assert.AreEqual(4.0 / 5, metrics.ElementAccuracy, 1e-12);
        Assert.AreEqual(2.0 / 3, metrics.StepAccuracy, 1e-12);
        Assert.AreEqual(0.5, metrics.SequenceAccuracy);
        Assert.IsTrue(double.IsNaN(metrics.Perplexity) && double.IsNaN(metrics.RSquared) && double.IsNaN(metrics.MeanAbsoluteError));

        CollectionAssert.AreEqual(new[] { 1, 2 }, metrics.ByLength.Keys.ToArray());
        Assert.AreEqual(first, metrics.ByLength[2].Loss, 1e-12);
        Assert.AreEqual(1.0, metrics.ByLength[2].WrongBitsPerSequence);
        Assert.AreEqual(second, metrics.ByLength[1].Loss, 1e-12);
        Assert.AreEqual(1.0, metrics.ByLength[1].SequenceAccuracy);
        Assert.IsEmpty(metrics.ByLength[1].ByLength);
    }

    [TestMethod]
    public void CrossEntropyAccumulatesOverTwoBatches()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.CrossEntropy, OutputSize: 6, SoftmaxGroups: 2));
        // One step of two answers of three classes: the first right, the second wrong.
        accumulator.Add(Batch(new float[] { 2, 0 }, perStep: 2), [0.25f, 0.25f, 0.5f, 0.125f, 0.75f, 0.125f]);
        // Two steps; the second answer of the first step and the whole second step are masked.
        accumulator.Add(Batch(new[] { 1, float.NaN, float.NaN, float.NaN }, perStep: 2), [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        SequenceMetrics metrics = accumulator.ToMetrics();

        double loss = -(Math.Log(0.5) + Math.Log(0.125));
        Assert.AreEqual((2L, 2L, 3L), (metrics.Sequences, metrics.Steps, metrics.Elements));
        Assert.AreEqual(loss / 2, metrics.Loss, 1e-12);
        Assert.AreEqual(2.0, metrics.BitsPerSequence, 1e-12);
        Assert.AreEqual(Math.Exp(loss / 3), metrics.Perplexity, 1e-12);
        Assert.AreEqual(1L, metrics.Errors);
        Assert.AreEqual(2.0 / 3, metrics.ElementAccuracy, 1e-12);
        Assert.AreEqual(0.5, metrics.StepAccuracy);
        Assert.AreEqual(0.5, metrics.SequenceAccuracy);
        Assert.IsTrue(double.IsNaN(metrics.WrongBitsPerSequence) && double.IsNaN(metrics.RootMeanSquaredError));
    }

    [TestMethod]
    public void SquaredErrorAccumulatesOverTwoBatches()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.SquaredError, OutputSize: 1));
        accumulator.Add(Batch(new float[] { 1, 2 }, perStep: 1), [1.5f, 2]);
        accumulator.Add(Batch(new[] { 6, float.NaN }, perStep: 1), [4, 100]);
        SequenceMetrics metrics = accumulator.ToMetrics();

        Assert.AreEqual((2L, 3L, 3L), (metrics.Sequences, metrics.Steps, metrics.Elements));
        Assert.AreEqual(4.25 / 2, metrics.Loss, 1e-12);
        Assert.AreEqual(2.5 / 3, metrics.MeanAbsoluteError, 1e-12);
        Assert.AreEqual(Math.Sqrt(4.25 / 3), metrics.RootMeanSquaredError, 1e-12);
        Assert.AreEqual(1 - 4.25 / 14, metrics.RSquared, 1e-12, "targets 1, 2, 6 have mean 3");
        Assert.IsTrue(double.IsNaN(metrics.BitsPerSequence) && double.IsNaN(metrics.ElementAccuracy)
            && double.IsNaN(metrics.WrongBitsPerSequence));
        Assert.AreEqual(0L, metrics.Errors);
    }

    [TestMethod]
    public void RSquaredSurvivesAFarAwayMean()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.SquaredError, OutputSize: 1));
        for (int i = 0; i < 1000; i++)
            accumulator.Add(1, [10_000_000f], [10_000_000f + (i % 2 == 0 ? 1 : -1)]);
        Assert.AreEqual(0.0, accumulator.ToMetrics().RSquared, 1e-9);
    }

    [TestMethod]
    public void SequencesWithNothingToScoreAreNotCounted()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1));
        accumulator.Add(3, [0.5f], [float.NaN]);
        accumulator.Add(4, [0.75f], [1f]);
        SequenceMetrics metrics = accumulator.ToMetrics();

        Assert.AreEqual(1L, metrics.Sequences);
        Assert.AreEqual(-Math.Log(0.75), metrics.Loss, 1e-12);
        CollectionAssert.AreEqual(new[] { 4 }, metrics.ByLength.Keys.ToArray());
    }

    [TestMethod]
    public void CertainMistakesCostAtMost25Bits()
    {
        var bits = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1));
        bits.Add(1, [0f], [1f]);
        bits.Add(1, [1f], [0f]);
        bits.Add(1, [1f], [1f]);
        bits.Add(1, [0f], [0f]);
        Assert.AreEqual(25.0 * 2 / 4, bits.ToMetrics().BitsPerSequence, 1e-12);

        var classes = new MetricsAccumulator(new ScoreFormat(SequenceLoss.CrossEntropy, OutputSize: 2));
        classes.Add(1, [1f, 0f], [1f]);
        Assert.AreEqual(25.0, classes.ToMetrics().BitsPerSequence, 1e-12);
    }

    [TestMethod]
    public void SoftTargetsAreScoredByTheWholeCrossEntropy()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1));
        accumulator.Add(1, [0.25f], [0.75f]);
        Assert.AreEqual(-(0.75 * Math.Log(0.25) + 0.25 * Math.Log(0.75)), accumulator.ToMetrics().Loss, 1e-12);
        Assert.AreEqual(1L, accumulator.ToMetrics().Errors);
    }

    [TestMethod]
    public void ScoresThatAreNoNumbersAreWrong()
    {
        var bits = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1));
        bits.Add(1, [float.NaN], [0f]);
        Assert.AreEqual(1L, bits.ToMetrics().Errors);
        Assert.IsTrue(double.IsNaN(bits.ToMetrics().Loss));

        var classes = new MetricsAccumulator(new ScoreFormat(SequenceLoss.CrossEntropy, OutputSize: 2));
        classes.Add(1, [float.NaN, float.NaN], [0f]);
        Assert.AreEqual(1L, classes.ToMetrics().Errors);
    }

    [TestMethod]
    public void OfEquallyProbableClassesTheFirstIsTheAnswer()
    {
        var accumulator = new MetricsAccumulator(new ScoreFormat(SequenceLoss.CrossEntropy, OutputSize: 2));
        accumulator.Add(1, [0.5f, 0.5f], [0f]);
        Assert.AreEqual(0L, accumulator.ToMetrics().Errors);
        accumulator.Add(1, [0.5f, 0.5f], [1f]);
        Assert.AreEqual(1L, accumulator.ToMetrics().Errors);
    }

    [TestMethod]
    public void BatchRowsCountByTheirInputLengthAlsoAfterTheInput()
    {
        var accumulator = new MetricsAccumulator(
            new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1, Alignment: SequenceAlignment.AfterInput));
        var batch = new SequenceBatch(1, 1);
        batch.Reset(2, 5);
        (batch.Lengths[0], batch.OutputStarts[0]) = (5, 3);
        (batch.Lengths[1], batch.OutputStarts[1]) = (4, 3);
        batch.Target(3, 0)[0] = 1;
        batch.Target(4, 0)[0] = 0;
        batch.Target(3, 1)[0] = 1;
        float[] scores = new float[10];
        scores[6] = 0.75f; // step 3, row 0
        scores[7] = 0.25f; // step 3, row 1
        scores[8] = 0.25f; // step 4, row 0
        accumulator.Add(batch, scores);

        SequenceMetrics metrics = accumulator.ToMetrics();
        CollectionAssert.AreEqual(new[] { 2 }, metrics.ByLength.Keys.ToArray());
        Assert.AreEqual((3L, 1L), (metrics.Elements, metrics.Errors));
    }

    [TestMethod]
    public void ReportNamesWhatTheLossMeasures()
    {
        var bits = new MetricsAccumulator(new ScoreFormat(SequenceLoss.BinaryCrossEntropy, OutputSize: 1));
        bits.Add(1, [0.25f], [1f]);
        bits.Add(2, [0.75f, 0.75f], [1f, 1f]);
        string report = bits.ToMetrics().ToString();
        StringAssert.Contains(report, "Sequences                   2 (3 steps, 3 elements)");
        StringAssert.Contains(report, "Wrong bits per sequence     0.5 (1 in all)");
        StringAssert.Contains(report, "Right sequences             50.00 %");
        StringAssert.Contains(report, "  Length  Sequences");
        StringAssert.Contains(report, "       2          1     0.57536           0         100.00 %");

        var numbers = new MetricsAccumulator(new ScoreFormat(SequenceLoss.SquaredError, OutputSize: 1));
        numbers.Add(1, [3f], [1f]);
        report = numbers.ToMetrics().ToString();
        StringAssert.Contains(report, "Root mean squared error     2");
        Assert.IsFalse(report.Contains("bits", StringComparison.Ordinal) || report.Contains("Length", StringComparison.Ordinal), report);
    }

    private static SequenceBatch Batch(float[] targets, int perStep)
    {
        int steps = targets.Length / perStep;
        var batch = new SequenceBatch(1, perStep);
        batch.Reset(1, steps);
        batch.Lengths[0] = steps;
        batch.OutputStarts[0] = 0;
        targets.CopyTo(batch.Targets, 0);
        return batch;
    }
}
