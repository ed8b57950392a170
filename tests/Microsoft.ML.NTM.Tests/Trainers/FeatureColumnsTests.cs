using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Trainers;

[TestClass]
public sealed class FeatureColumnsTests
{
    [TestMethod]
    public void SeveralFeatureColumnsStandSideBySide()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new()
        {
            FeatureColumnNames = ["Readings", "Tokens"],
            ControllerSize = 6,
            NumberOfIterations = 3,
            BatchSize = 4,
        });

        IDataView noTokens = ml.Transforms.DropColumns("Tokens").Fit(data).Transform(data);
        var model = (SequenceTransformer)EstimatorConformance.Check(ml, trainer, data, noTokens);

        Assert.AreEqual(2 + 3, model.Model.Network.InputSize);
        Assert.AreEqual("Readings", model.FeatureColumnName);
        Assert.AreEqual(data.Schema["Readings"].Type, model.FeatureColumnType);
    }

    [TestMethod]
    public void OneColumnByEitherOptionIsTheSameNetwork()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        SequenceTransformer one = ml.Sequence.Trainers.Lstm(new()
        {
            FeatureColumnName = "Readings",
            ControllerSize = 4,
            NumberOfIterations = 2,
            Seed = 1,
        }).Fit(data);
        SequenceTransformer listed = ml.Sequence.Trainers.Lstm(new()
        {
            FeatureColumnNames = ["Readings"],
            ControllerSize = 4,
            NumberOfIterations = 2,
            Seed = 1,
        }).Fit(data);

        CollectionAssert.AreEqual(one.Model.Parameters.Values, listed.Model.Parameters.Values);
    }

    [TestMethod]
    public void ColumnsWithDifferentNumbersOfStepsAreAnErrorThatNamesBoth()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable([new Uneven { A = [1f, 2f], B = [1f], Label = 1f }]);

        Row.Fails<InvalidOperationException>(
            () => ml.Sequence.Trainers.Lstm(new() { FeatureColumnNames = ["A", "B"], ControllerSize = 4, NumberOfIterations = 1 })
                .Fit(data),
            "Column 'B', row 0", "expected 2 steps, as in 'A', got 1 steps");
    }

    [TestMethod]
    [DataRow(new string[0], "at least one column")]
    [DataRow(new[] { "A", "" }, "none may be empty")]
    [DataRow(new[] { "A", "A" }, "every column once")]
    public void FaultyListsOfColumnsAreRefusedAtOnce(string[] names, string expected) =>
        Row.Fails<ArgumentException>(() => new MLContext().Sequence.Trainers.Lstm(new() { FeatureColumnNames = names }),
            "FeatureColumnNames", expected);

    [TestMethod]
    public void TextBecomesTokensInOnePipeline()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Sentence
        {
            Text = i % 2 == 0 ? "the cat sat" : "where is the dog now",
            Kind = i % 2 == 0 ? "statement" : "question",
        }));
        var pipeline = ml.Transforms.Text.TokenizeIntoWords("Features", "Text")
            .Append(ml.Transforms.Conversion.MapValueToKey("Features"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Kind"))
            .Append(ml.Sequence.Trainers.Lstm(new()
            {
                ControllerSize = 8,
                NumberOfIterations = 60,
                LearningRate = 0.02,
                Optimizer = OptimizerKind.Adam,
                Seed = 1,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = EstimatorConformance.Reload(ml, pipeline.Fit(data), data.Schema);

        using var engine = ml.Model.CreatePredictionEngine<Sentence, Answer>(model);
        Assert.AreEqual("statement", engine.Predict(new Sentence { Text = "the cat sat" }).PredictedLabel);
        Assert.AreEqual("question", engine.Predict(new Sentence { Text = "where is the dog now" }).PredictedLabel);
        Assert.AreEqual("question", engine.Predict(new Sentence { Text = "where is the unknown now" }).PredictedLabel,
            "A word never seen is an empty step.");
    }

    private static IDataView Data(MLContext ml)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { 3, 1, 2, 4 }.Select((steps, i) => new Two
        {
            Readings = [.. Enumerable.Range(0, 2 * steps).Select(j => MathF.Sin(i + j))],
            Words = [.. Enumerable.Range(0, steps).Select(j => "abc".Substring((i + j) % 3, 1))],
            Label = i % 2 == 0,
        }));
        return ml.Transforms.Conversion.MapValueToKey("Tokens", "Words").Fit(rows).Transform(rows);
    }

    private sealed class Two
    {
        [VectorType(0, 2)]
        public float[] Readings { get; set; } = [];
        public string[] Words { get; set; } = [];
        public bool Label { get; set; }
    }

    private sealed class Uneven
    {
        public float[] A { get; set; } = [];
        public float[] B { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";
        public string Kind { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";
    }
}
