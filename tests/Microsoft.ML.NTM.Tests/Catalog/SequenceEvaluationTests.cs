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
        double[] errors = [.. scores.SelectMany(s => s).Zip(labels.SelectMany(l => l), (s, l) => (double)s - l)
            .Where(error => !double.IsNaN(error))];

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
        double[] nats = [.. scores.Zip(labels)
            .SelectMany(row => row.Second.Select((key, t) => -Math.Log(row.First[t * 3 + (int)key - 1])))];

        Assert.AreEqual(nats.Sum() / scores.Length, metrics.Loss, 1e-5);
        Assert.AreEqual(Math.Exp(nats.Average()), metrics.Perplexity, 1e-5);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 5 }, metrics.ByLength.Keys.ToArray());
        StringAssert.Contains(metrics.ToString(), "Perplexity");
    }

    [TestMethod]
    public void OneAnswerPerSequenceIsMeasuredAsMLNetsCatalogsDo()
    {
        var ml = new MLContext(seed: 1);
        IDataView numbers = Scored(ml, "Single"), flags = Scored(ml, "Boolean"), keys = Scored(ml, "key");

        RegressionMetrics regression = ml.Regression.Evaluate(numbers);
        SequenceMetrics measured = ml.Sequence.Evaluate(numbers);
        Assert.AreEqual(regression.RootMeanSquaredError, measured.RootMeanSquaredError, 1e-6);
        Assert.AreEqual(regression.RSquared, measured.RSquared, 1e-6);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 5 }, measured.ByLength.Keys.ToArray(), "The input's steps.");
        CalibratedBinaryClassificationMetrics binary = ml.BinaryClassification.Evaluate(flags);
        Assert.AreEqual(binary.Accuracy, ml.Sequence.Evaluate(flags).ElementAccuracy, 1e-9);
        Assert.AreEqual(binary.LogLoss, ml.Sequence.Evaluate(flags).BitsPerSequence, 1e-5);
        MulticlassClassificationMetrics multiclass = ml.MulticlassClassification.Evaluate(keys);
        Assert.AreEqual(multiclass.MicroAccuracy, ml.Sequence.Evaluate(keys).ElementAccuracy, 1e-9);
        Assert.AreEqual(multiclass.LogLoss, ml.Sequence.Evaluate(keys).Loss, 1e-5);
        for (int c = 0; c < 2; c++)
            Assert.AreEqual(multiclass.ConfusionMatrix.PerClassRecall[c], ml.Sequence.Evaluate(keys).ConfusionMatrix!.Recall[c], 1e-9);

        Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Evaluate(SampleData.Create(ml, "numbers", "Single")),
            "score column 'Score'");
        Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Evaluate(numbers, scoreColumnName: "Label"), "score column 'Label'",
            "got Single of kind none");
    }

    [TestMethod]
    public void AnswersAfterTheInputAreGroupedByTheInputsLength()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = new CopyTask(2, 4, bits: 3, seed: 5).ToDataView(ml, 20);
        NtmTrainer.Options options = Trainers.SmallNtm.Options(iterations: 1);
        IDataView scored = ml.Sequence.Trainers.Ntm(options).Fit(data).Transform(data);
        int[] inputs = [.. scored.GetColumn<float[]>("Features").Select(features => features.Length / 3).Distinct().Order()];

        SequenceMetrics metrics = ml.Sequence.Evaluate(scored);
        CollectionAssert.AreEqual(inputs, metrics.ByLength.Keys.ToArray());
        Assert.AreEqual(metrics.Sequences, metrics.ByLength.Values.Sum(length => length.Sequences));

        // Half as many answers as inputs: the answers' lengths are others.
        IDataView padded = ml.Data.LoadFromEnumerable(Enumerable.Range(1, 5)
            .Select(i => new Pair { Features = new float[2 * i], Label = new float[i] }));
        IDataView answered = ml.Sequence.Trainers.Lstm(new()
        {
            Alignment = SequenceAlignment.AfterInput,
            OutputSize = 1,
            ControllerSize = 3,
            NumberOfIterations = 1,
            OutputLengthColumnName = "Count",
        }).Fit(padded).Transform(padded);
        CollectionAssert.AreEqual(new[] { 2, 4, 6, 8, 10 }, ml.Sequence.Evaluate(answered).ByLength.Keys.ToArray());
    }

    [TestMethod]
    public void ClassesPerStepHaveAConfusionTableWithTheirNames()
    {
        (SequenceMetrics metrics, float[][] scores, uint[][] labels) = Measure<uint>("vector of keys");
        double[,] expected = new double[3, 3];
        foreach ((float[] row, uint[] keys) in scores.Zip(labels))
        {
            for (int t = 0; t < keys.Length; t++)
                expected[keys[t] - 1, Array.IndexOf(row[(3 * t)..(3 * t + 3)], row[(3 * t)..(3 * t + 3)].Max())]++;
        }
        SequenceConfusionMatrix matrix = metrics.ConfusionMatrix!;

        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, matrix.Classes.ToArray());
        for (int right = 0; right < 3; right++)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, 3).Select(c => expected[right, c]).ToArray(), matrix.Counts[right].ToArray());
            Assert.AreEqual(expected[right, right] / Enumerable.Range(0, 3).Sum(c => expected[right, c]), matrix.Recall[right]);
            Assert.AreEqual(expected[right, right] / Enumerable.Range(0, 3).Sum(c => expected[c, right]), matrix.Precision[right]);
        }
        StringAssert.Contains(metrics.ToString(), "right / answered");
        Assert.IsNull(metrics.ByLength.Values.First().ConfusionMatrix);
    }

    [TestMethod]
    public void AWeightCountsARowAsOftenAsItSays()
    {
        var ml = new MLContext(seed: 1);
        Weighted[] rows = [.. Enumerable.Range(0, 8).Select(i => new Weighted
        {
            Features = [.. Enumerable.Range(0, 1 + i % 3).Select(t => MathF.Sin(i + t))],
            Label = [.. Enumerable.Range(0, 1 + i % 3).Select(t => i == 5 ? float.NaN : MathF.Cos(i + t))],
            Weight = i % 4,
        })];
        SequenceTransformer model = Trainer(ml).Fit(ml.Data.LoadFromEnumerable(rows));
        IDataView weighted = model.Transform(ml.Data.LoadFromEnumerable(rows));
        IDataView repeated = model.Transform(ml.Data.LoadFromEnumerable(rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight))));

        SequenceMetrics one = ml.Sequence.Evaluate(weighted, exampleWeightColumnName: "Weight"), many = ml.Sequence.Evaluate(repeated);
        Assert.AreEqual(many.Loss, one.Loss, 1e-9);
        Assert.AreEqual(many.MeanAbsoluteError, one.MeanAbsoluteError, 1e-9);
        Assert.AreEqual(many.RSquared, one.RSquared, 1e-9);
        Assert.AreEqual((7L, 1L, 3L), (one.Sequences, one.UnscoredSequences, one.UnscoredElements));
        StringAssert.Contains(one.ToString(), "3 elements, 1 whole sequences");
        Data.Row.Fails<ArgumentOutOfRangeException>(() => ml.Sequence.Evaluate(weighted, exampleWeightColumnName: "Label"),
            "example weight column 'Label'");
        rows[2].Weight = -1;
        Data.Row.Fails<InvalidOperationException>(() => ml.Sequence.Evaluate(weighted, exampleWeightColumnName: "Weight"), "'Weight'",
            "row 2", "got -1");
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

    private static IDataView Scored(MLContext ml, string label)
    {
        IDataView data = SampleData.Create(ml, "numbers", label);
        return Trainer(ml).Fit(data).Transform(data);
    }

    private static LstmTrainer Trainer(MLContext ml) =>
        ml.Sequence.Trainers.Lstm(new() { ControllerSize = 5, NumberOfIterations = 4, BatchSize = 4 });

    private sealed class Pair
    {
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public int Count => Label.Length;
    }

    private sealed class Weighted
    {
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public float Weight { get; set; }
    }

    private sealed class Grouped
    {
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public string Group { get; set; } = "";
    }
}
