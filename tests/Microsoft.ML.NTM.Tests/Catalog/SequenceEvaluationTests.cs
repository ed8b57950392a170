using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Catalog;

/// <summary>Models with an answer per step, through <c>ml.Sequence</c>.</summary>
[TestClass]
public sealed class SequenceEvaluationTests
{
    [TestMethod]
    public void NumbersAreMeasuredBySquaredError()
    {
        (SequenceMetrics metrics, float[][] scores, float[][] labels) = Measure<float>("vector of Single");
        double[] errors = [.. scores.SelectMany(s => s).Zip(labels.SelectMany(l => l), (s, l) => (double)s - l).Where(error => !double.IsNaN(error))];

        Assert.AreEqual(SequenceLoss.SquaredError, metrics.LossFunction);
        Assert.AreEqual(errors.Length, metrics.Elements);
        Assert.AreEqual(errors.Average(Math.Abs), metrics.MeanAbsoluteError, 1e-6);
        Assert.AreEqual(Math.Sqrt(errors.Average(error => error * error)), metrics.RootMeanSquaredError, 1e-6);
        StringAssert.Contains(metrics.ToString(), "R squared");
    }

    [TestMethod]
    public void BooleansAreMeasuredInBits()
    {
        (SequenceMetrics metrics, float[][] scores, bool[][] labels) = Measure<bool>("vector of Boolean");
        (float P, bool Y)[] all = [.. scores.SelectMany(s => s).Zip(labels.SelectMany(l => l))];

        Assert.AreEqual(all.Sum(pair => -Math.Log2(pair.Y ? pair.P : 1 - pair.P)) / scores.Length, metrics.BitsPerSequence, 1e-4);
        Assert.AreEqual(all.Count(pair => pair.P > 0.5f != pair.Y), metrics.Errors);
        Assert.AreEqual(metrics.ErrorsPerSequence, metrics.WrongBitsPerSequence);
        StringAssert.Contains(metrics.ToString(), "Wrong bits per sequence");
    }

    [TestMethod]
    public void KeysAreMeasuredByCrossEntropyAndPerplexity()
    {
        (SequenceMetrics metrics, float[][] scores, uint[][] labels) = Measure<uint>("vector of keys");
        double[] nats = [.. scores.Zip(labels).SelectMany(row => row.Second.Select((key, t) => -Math.Log(row.First[t * 3 + (int)key - 1])))];

        Assert.AreEqual(nats.Sum() / scores.Length, metrics.Loss, 1e-5);
        Assert.AreEqual(Math.Exp(nats.Average()), metrics.Perplexity, 1e-5);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 5 }, metrics.ByLength.Keys.ToArray());
        StringAssert.Contains(metrics.ToString(), "Perplexity");
    }

    [TestMethod]
    public void ScoresOfOneAnswerPerSequenceAreSentToMLNetsCatalogs()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, "numbers", "Single");
        IDataView scored = Trainer(ml).Fit(data).Transform(data);

        Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Evaluate(scored), "score column 'Score'", "ML.NET's own catalogs");
        Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Evaluate(data), "score column 'Score'");
    }

    [TestMethod]
    public void CrossValidationScoresEveryRowOnceAndKeepsGroupsTogether()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Grouped
        {
            Features = [.. Enumerable.Range(0, 1 + i % 4).Select(t => MathF.Sin(i + t))],
            Label = [.. Enumerable.Range(0, 1 + i % 4).Select(t => t == 0 ? float.NaN : MathF.Cos(i + t))],
            Group = $"g{i % 6}",
        }));

        var folds = ml.Sequence.CrossValidate(data, Trainer(ml), numberOfFolds: 3, samplingKeyColumnName: "Group");

        Assert.HasCount(3, folds);
        string[][] groups = [.. folds.Select(fold => fold.ScoredHoldOutSet.GetColumn<string>("Group").ToArray())];
        Assert.AreEqual(30, groups.Sum(fold => fold.Length));
        Assert.AreEqual(6, groups.Sum(fold => fold.Distinct().Count()), "A group is in one fold only.");
        Assert.IsTrue(folds.All(fold => fold.Model is SequenceTransformer && fold.Metrics.RootMeanSquaredError > 0));
    }

    private static (SequenceMetrics, float[][], T[][]) Measure<T>(string label)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, "numbers", label);
        IDataView scored = Trainer(ml).Fit(data).Transform(data);
        return (ml.Sequence.Evaluate(scored), [.. scored.GetColumn<float[]>("Score")], [.. scored.GetColumn<T[]>("Label")]);
    }

    private static LstmTrainer Trainer(MLContext ml) => ml.Sequence.Trainers.Lstm(new() { ControllerSize = 5, NumberOfIterations = 4, BatchSize = 4 });

    private sealed class Grouped
    {
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public string Group { get; set; } = "";
    }
}
