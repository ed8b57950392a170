using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Trainers;

[TestClass]
public sealed class EmbeddingTests
{
    private static readonly string[] s_words = ["zero", "one", "two", "three", "four", "five", "six", "seven"];

    [TestMethod]
    public void ManyWordsWithTheSameMeaningAreLearnedThroughAFewNumbers()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Parity(ml);
        var options = new LstmTrainer.Options
        {
            EmbeddingSize = 2,
            ControllerSize = 8,
            NumberOfIterations = 400,
            LearningRate = 0.02,
            Optimizer = OptimizerKind.Adam,
            Seed = 1,
        };
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(options).Fit(data);

        Assert.AreEqual((2, 8, 1),
            (model.Model.Network.EmbeddingSize, model.Model.Network.VocabularySize, model.Model.Network.KeysPerStep));
        Assert.AreEqual(2, model.Model.Network.InputSize);
        Assert.AreEqual(1, ml.Sequence.Evaluate(model.Transform(data)).ElementAccuracy);
    }

    [TestMethod]
    public void BothEnginesTrainTheSameEmbedding()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Parity(ml);
        float[] managed = Train(SequenceBackend.Managed), torch = Train(SequenceBackend.Torch);

        // A few updates by gradients that agree to about six digits.
        for (int i = 0; i < managed.Length; i++)
            Assert.AreEqual(torch[i], managed[i], 1e-4f);

        float[] Train(SequenceBackend engine) => ml.Sequence.Trainers.Dnc(new DncTrainer.Options
        {
            EmbeddingSize = 3,
            ControllerSize = 5,
            MemorySlots = 4,
            MemoryWidth = 3,
            NumberOfIterations = 3,
            Optimizer = OptimizerKind.Sgd,
            Backend = engine,
            Seed = 1,
        }).Fit(data).Model.Parameters.Values;
    }

    [TestMethod]
    public void KeyColumnsShareATableAndStandBeforeTheNumbers()
    {
        var ml = new MLContext(seed: 1);
        IDataView words = ml.Data.LoadFromEnumerable([new Mixed
        {
            A = ["x", "", "y"],
            Numbers = [1, 2, 3],
            B = ["q", "r", "s"],
            Label = 1,
        }]);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("A").Append(ml.Transforms.Conversion.MapValueToKey("B")).Fit(words)
            .Transform(words);
        var columns = new SequenceColumns { FeatureColumnNames = ["A", "Numbers", "B"], EmbeddingSize = 4 };
        SequenceFormat format = FormatResolver.Resolve(data, columns);
        using var batches = new OrderedBatches(data, format, ColumnUse.Training, 1);
        SequenceBatch batch = batches.Next()!;

        NetworkSpec network = format.Embed(new NetworkSpec { InputSize = format.InputSize });
        Assert.AreEqual((4, 2 + 3, 2, 4 + 4 + 1), (network.EmbeddingSize, network.VocabularySize, network.KeysPerStep, network.InputSize));
        CollectionAssert.AreEqual(new[] { 1, 3, 0, 4, 2, 5 }, batch.Keys[..6]);
        for (int step = 0; step < 3; step++)
            CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 0, 0, 0, step + 1 }, batch.Input(step, 0).ToArray());
    }

    [TestMethod]
    public void TrainingGoesOnFromAModelWithTheSameEmbeddingOnly()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Parity(ml);
        LstmTrainer.Options options = new() { EmbeddingSize = 2, ControllerSize = 4, NumberOfIterations = 2, Seed = 1 };
        SequenceTransformer first = ml.Sequence.Trainers.Lstm(options).Fit(data);
        ml.Sequence.Trainers.Lstm(options).Fit(data, null, first.Model);

        options.EmbeddingSize = 3;
        Row.Fails<ArgumentException>(() => ml.Sequence.Trainers.Lstm(options).Fit(data, null, first.Model),
            "EmbeddingSize is 2 in the model and 3 here");
    }

    [TestMethod]
    public void ThereMustBeKeysToEmbed()
    {
        var ml = new MLContext(seed: 1);
        IDataView numbers = SampleData.Create(ml, "numbers", "Single");
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new() { EmbeddingSize = 2 });

        Row.Fails<ArgumentOutOfRangeException>(() => trainer.Fit(numbers), "feature column 'Features'",
            "keys (see MapValueToKey) for EmbeddingSize = 2");
        Row.Fails<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShape.Create(numbers.Schema)),
            "keys (see MapValueToKey)");
        Row.Fails<ArgumentException>(() => ml.Sequence.Trainers.Lstm(new() { EmbeddingSize = -1 }),
            "EmbeddingSize must be from 0 to 1000000; it is -1");
    }

    // Is the number that a word means odd?
    private static IDataView Parity(MLContext ml)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 16).Select(i => new Counting
        {
            Features = [.. Enumerable.Range(0, 3 + i % 3).Select(j => s_words[(3 * i + 5 * j) % 8])],
            Label = [.. Enumerable.Range(0, 3 + i % 3).Select(j => (3 * i + 5 * j) % 2 == 1)],
        }));
        return ml.Transforms.Conversion.MapValueToKey("Features").Fit(rows).Transform(rows);
    }

    private sealed class Counting
    {
        public string[] Features { get; set; } = [];
        public bool[] Label { get; set; } = [];
    }

    private sealed class Mixed
    {
        public string[] A { get; set; } = [];
        public float[] Numbers { get; set; } = [];
        public string[] B { get; set; } = [];
        public float Label { get; set; }
    }
}
