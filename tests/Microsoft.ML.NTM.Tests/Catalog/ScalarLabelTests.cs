using System.Collections.Immutable;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Catalog;

/// <summary>Models with one answer per sequence, against ML.NET's own catalogs: they need no adapter.</summary>
[TestClass]
public sealed class ScalarLabelTests
{
    private static readonly string[] s_classes = ["down", "flat", "up"];

    [TestMethod]
    public void MulticlassCatalogEvaluatesCrossValidatesAndNamesTheClasses()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(ml.Sequence.Trainers.Lstm(Options()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"));
        ITransformer model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
        string[] names = [.. scored.GetColumn<string>("Name")];
        string[] truth = [.. scored.GetColumn<string>("Class")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        uint[] keys = [.. scored.GetColumn<uint>("Label")];

        Assert.AreEqual(names.Zip(truth).Average(pair => pair.First == pair.Second ? 1.0 : 0.0), metrics.MicroAccuracy, 1e-9);
        Assert.AreEqual(scores.Zip(keys).Average(pair => -Math.Log(pair.First[pair.Second - 1])), metrics.LogLoss, 1e-6);
        Assert.IsGreaterThan(0.8, metrics.MicroAccuracy);
        string table = metrics.ConfusionMatrix.GetFormattedConfusionTable();
        Assert.IsTrue(s_classes.All(table.Contains), table);

        var folds = ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 2);
        Assert.HasCount(2, folds);
        Assert.IsTrue(folds.All(fold => fold.Metrics.LogLoss >= 0));
    }

    [TestMethod]
    public void BinaryCatalogEvaluatesAndCrossValidates()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Transforms.CopyColumns("Label", "Up").Fit(Data(ml)).Transform(Data(ml));
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(Options());
        IDataView scored = trainer.Fit(data).Transform(data);

        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(scored);
        float[] probabilities = [.. scored.GetColumn<float>("Probability")];
        bool[] labels = [.. scored.GetColumn<bool>("Label")];

        Assert.AreEqual(probabilities.Zip(labels).Average(pair => pair.First > 0.5f == pair.Second ? 1.0 : 0.0), metrics.Accuracy, 1e-9);
        Assert.AreEqual(probabilities.Zip(labels).Average(pair => -Math.Log2(pair.Second ? pair.First : 1 - pair.First)), metrics.LogLoss,
            1e-4);
        Assert.IsGreaterThan(0.9, metrics.AreaUnderRocCurve);
        Assert.HasCount(2, ml.BinaryClassification.CrossValidate(data, trainer, numberOfFolds: 2));
    }

    [TestMethod]
    public void RegressionCatalogEvaluatesAndCrossValidates()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Transforms.CopyColumns("Label", "Slope").Fit(Data(ml)).Transform(Data(ml));
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(Options());
        IDataView scored = trainer.Fit(data).Transform(data);

        RegressionMetrics metrics = ml.Regression.Evaluate(scored);
        double[] errors = [.. scored.GetColumn<float>("Score")
            .Zip(scored.GetColumn<float>("Label"), (score, label) => (double)score - label)];

        Assert.AreEqual(errors.Average(error => error * error), metrics.MeanSquaredError, 1e-6);
        Assert.IsGreaterThan(0.5, metrics.RSquared);
        Assert.HasCount(2, ml.Regression.CrossValidate(data, trainer, numberOfFolds: 2));
    }

    [TestMethod]
    public void PermutationFeatureImportanceShufflesTheSlotsOfSequencesOfOneLength()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Transforms.CopyColumns("Label", "Slope").Fit(Data(ml)).Transform(Data(ml));
        SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options(iterations: 10)).Fit(data);

        ImmutableArray<RegressionMetricsStatistics> importance = ml.Regression.PermutationFeatureImportance(model, model.Transform(data));
        Assert.HasCount(Steps, importance);

        IDataView open = ml.Transforms.CopyColumns("Features", "Open").Fit(data).Transform(data);
        SequenceTransformer openModel = ml.Sequence.Trainers.Lstm(Options(iterations: 1)).Fit(open);
        Assert.IsEmpty(ml.Regression.PermutationFeatureImportance(openModel, openModel.Transform(open)),
            "Open lengths have no slots to shuffle.");
    }

    [TestMethod]
    public void ReloadedModelsAreEvaluatedTheSame()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(ml.Sequence.Trainers.Lstm(Options(iterations: 5))).Fit(data);
        ITransformer reloaded = EstimatorConformance.Reload(ml, model, data.Schema);

        Assert.AreEqual(ml.MulticlassClassification.Evaluate(model.Transform(data)).LogLoss,
            ml.MulticlassClassification.Evaluate(reloaded.Transform(data)).LogLoss);
    }

    private const int Steps = 4;

    private static LstmTrainer.Options Options(int iterations = 80) =>
        new()
        {
            ControllerSize = 8,
            NumberOfIterations = iterations,
            BatchSize = 16,
            LearningRate = 0.02,
            Optimizer = OptimizerKind.Adam,
            Seed = 2,
        };

    // Four steps that fall, stay or rise.
    private static IDataView Data(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 48).Select(i =>
    {
        float slope = i % 3 - 1;
        float[] values = [.. Enumerable.Range(0, Steps).Select(t => 0.3f * slope * t + 0.1f * MathF.Sin(i * 1.7f + t))];
        return new Trend { Features = values, Open = values, Slope = slope, Up = slope > 0, Class = s_classes[i % 3] };
    }));

    private sealed class Trend
    {
        [VectorType(Steps)]
        public float[] Features { get; set; } = [];
        public float[] Open { get; set; } = [];
        public float Slope { get; set; }
        public bool Up { get; set; }
        public string Class { get; set; } = "";
    }
}
