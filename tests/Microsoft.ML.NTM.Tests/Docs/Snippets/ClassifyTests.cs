using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/classify.md.</summary>
[TestClass]
public sealed class ClassifyTests
{
    [TestMethod]
    public void SequencesOfATableAreClassified()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 480).Select(i => Reading(i / 8, i % 8)).ToList());

        var classes = ml.Transforms.Conversion.MapValueToKey("Activity")
            .Append(ml.Sequence.Transforms.Pack(["X", "Y", "Z"], "Activity", "Trial", labelPlacement: LabelPlacement.Last))
            .Append(ml.Sequence.Trainers.Lstm(controllerSize: 16, learningRate: 5e-3, numberOfIterations: 300))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = classes.Fit(table);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(table));

        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
    }

    private static Row Reading(int trial, int step)
    {
        string activity = new[] { "walk", "sit", "lie" }[trial % 3];
        float swing = activity == "walk" ? MathF.Sin(2 * step) : 0.1f;
        (float x, float y, float z) = (100 * swing, activity == "lie" ? 9.8f : 0, activity == "sit" ? 9.8f : 0);
        return new Row { Trial = trial, X = x, Y = y, Z = z, Activity = activity };
    }

    private sealed class Row
    {
        public float Trial { get; set; }
        public float X { get; set; }
        public float Y { get; set; }
        public float Z { get; set; }
        public string Activity { get; set; } = "";
    }
}
