namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/tokens.md.</summary>
[TestClass]
public sealed class TokensTests
{
    private static readonly string[] s_people = ["mary", "john", "sandra"], s_places = ["kitchen", "garden", "hall"];

    [TestMethod]
    public void TextsAreClassified()
    {
        var ml = new MLContext(seed: 1);
        IDataView texts = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 36).Select(i => new Sentence
        {
            Text = i % 2 == 0 ? $"where is {s_people[i % 3]}" : $"{s_people[i % 3]} is in the {s_places[i / 3 % 3]}",
            IsQuestion = i % 2 == 0,
        }).ToList());

        var words = ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(ml.Transforms.Conversion.MapValueToKey("Words"))
            .Append(ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
            {
                FeatureColumnName = "Words",
                LabelColumnName = "IsQuestion",
                EmbeddingSize = 8,
                ControllerSize = 16,
                LearningRate = 0.01,
                NumberOfIterations = 200,
            }));
        ITransformer classifier = words.Fit(texts);

        Assert.AreEqual(1, ml.BinaryClassification.Evaluate(classifier.Transform(texts), "IsQuestion").Accuracy);
    }

    [TestMethod]
    public void TokensAreTagged()
    {
        var ml = new MLContext(seed: 1);
        IDataView sentences = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 36).Select(i => new Tagged
        {
            Tokens = [s_people[i % 3], "is", "in", s_places[i / 3 % 3]],
            Tags = ["person", "other", "other", "place"],
        }).ToList());

        var tags = ml.Transforms.Conversion.MapValueToKey("Tokens")
            .Append(ml.Transforms.Conversion.MapValueToKey("Tags"))
            .Append(ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
            {
                FeatureColumnName = "Tokens",
                LabelColumnName = "Tags",
                EmbeddingSize = 8,
                ControllerSize = 16,
                LearningRate = 0.01,
                NumberOfIterations = 200,
            }));
        SequenceMetrics tagging = ml.Sequence.Evaluate(tags.Fit(sentences).Transform(sentences), labelColumnName: "Tags");
        Console.WriteLine(tagging.ConfusionMatrix);

        Assert.AreEqual(1, tagging.ElementAccuracy);
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";
        public bool IsQuestion { get; set; }
    }

    private sealed class Tagged
    {
        public string[] Tokens { get; set; } = [];
        public string[] Tags { get; set; } = [];
    }
}
