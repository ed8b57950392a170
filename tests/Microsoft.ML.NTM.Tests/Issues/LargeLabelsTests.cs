using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Issues;

/// <summary>Prices as labels gave an R2 far below 0, and no normalizer of ML.NET takes sequences of unknown length.</summary>
[TestClass]
public sealed class LargeLabelsTests
{
    [TestMethod]
    [DataRow(1e-5f)]
    [DataRow(1e-2f)]
    [DataRow(1f)]
    [DataRow(1e6f)]
    public void LabelsOfAnySizeAreFittedAlikeAndScoresAreInTheirUnits(float scale)
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle())];
            return new Row { Features = features, Label = scale * (100_000 + 200_000 * features[0]) };
        }).ToList());

        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options()).Fit(data);

        RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(data));
        Assert.IsGreaterThan(0.98, metrics.RSquared);
        Assert.IsLessThan(10_000 * scale, metrics.RootMeanSquaredError);
    }

    [TestMethod]
    public void RawReadingsInRowsOfUnknownLengthNeedNoNormalizer()
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i =>
        {
            float[] features = [.. Enumerable.Range(0, 1 + i % 3)
                .SelectMany(_ => new[] { 1_013 + 20 * random.NextSingle(), 5e-6f * random.NextSingle(), 40_000 * random.NextSingle() })];
            return new Readings { Features = features, Label = features[^1] > 20_000 };
        }).ToList());

        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Options()).Fit(data);

        Assert.IsGreaterThan(0.95, ml.BinaryClassification.Evaluate(model.Transform(data)).Accuracy);
    }

    private static LstmTrainer.Options Options() => new()
    {
        ControllerSize = 16,
        NumberOfThreads = 1,
        NumberOfIterations = 400,
        LearningRate = 0.01,
        Optimizer = OptimizerKind.Adam,
        DropoutRate = 0,
    };

    private sealed class Row
    {
        [VectorType(0, 1)]
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Readings
    {
        [VectorType(0, 3)]
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
    }
}
