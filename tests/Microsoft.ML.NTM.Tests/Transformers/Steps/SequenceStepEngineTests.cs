using System.Buffers.Binary;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers.Steps;

[TestClass]
public sealed class SequenceStepEngineTests
{
    private static readonly MLContext s_ml = new(seed: 1);

    private static IEnumerable<object[]> Trainers() =>
    [
        [new NtmTrainer.Options { NumberOfIterations = 3, ControllerSize = 7, MemorySlots = 5, MemoryWidth = 3 }],
        [new DncTrainer.Options { NumberOfIterations = 3, ControllerSize = 7, MemorySlots = 5, MemoryWidth = 3 }],
        [new LstmTrainer.Options { NumberOfIterations = 3, ControllerSize = 7, ControllerLayers = 2 }],
        [new NtmTrainer.Options { NumberOfIterations = 3, ControllerSize = 7, MemorySlots = 5, MemoryWidth = 3, EmbeddingSize = 4 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Trainers))]
    public void StepsAnswerAsTheWholeSequenceDoesThroughAPipeline(object options)
    {
        // Text to keys before the model, keys to text after it; loaded from a file.
        ITransformer model = Reload(s_ml.Transforms.Conversion.MapValueToKey("Features", "Words")
            .Append(s_ml.Transforms.Conversion.MapValueToKey("Label", "Answers"))
            .Append(Trainer(options))
            .Append(s_ml.Transforms.Conversion.MapKeyToValue("Said", "PredictedLabel")).Fit(Stories()), Stories().Schema);
        IDataView scored = model.Transform(Stories());
        float[][] scores = [.. scored.GetColumn<VBuffer<float>>("Score").Select(score => score.DenseValues().ToArray())];
        string[][] said = [.. scored.GetColumn<string[]>("Said")];
        Story[] stories = [.. s_ml.Data.CreateEnumerable<Story>(Stories(), false)];
        SequenceStepEngine<Token, Said> engine = s_ml.Sequence.CreateStepEngine<Token, Said>(model);

        for (int row = 0; row < stories.Length; row++)
        {
            engine.Reset();
            var steps = stories[row].Words.Select(word => engine.Step(new Token { Words = [word] })).ToList();
            CollectionAssert.AreEqual(scores[row], steps.SelectMany(step => step.Score).ToArray());
            CollectionAssert.AreEqual(said[row], steps.SelectMany(step => step.Words).ToArray());
            Assert.AreEqual(stories[row].Words.Length, engine.Steps);
        }
    }

    [TestMethod]
    [DataRow("Single", "numbers")]
    [DataRow("Boolean", "numbers")]
    [DataRow("vector of Boolean", "fixed numbers")]
    [DataRow("vector of Single", "fixed numbers")]
    public void ScalarLabelsAreAnsweredAsIfTheSequenceEndedAtTheStep(string label, string features)
    {
        IDataView data = SampleData.Create(s_ml, features, label);
        SequenceTransformer model =
            s_ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { NumberOfIterations = 3, ControllerSize = 6, MemorySlots = 4 }).Fit(data);
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        // The whole sequence: what was read so far.
        var whole = s_ml.Model.CreatePredictionEngine<Numbers, Numbers>(Ask(model),
            new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = Schema() });

        foreach (float[] row in rows)
        {
            SequenceStepEngine<Pair, Numbers> steps = s_ml.Sequence.CreateStepEngine<Pair, Numbers>(Ask(model));
            for (int t = 1; t <= row.Length / 2; t++)
            {
                float[] expected = whole.Predict(new Numbers { Features = row[..(2 * t)] }).Answer;
                float[] answer = steps.Step(new Pair { Features = row[(2 * t - 2)..(2 * t)] }).Answer;
                CollectionAssert.AreEqual(expected[^answer.Length..], answer);
                Assert.HasCount(1, answer);
            }
        }
    }

    [TestMethod]
    public void SequencesAnsweredAfterTheirInputAreAskedForEachAnswer()
    {
        IDataView data = SmallNtm.Data(s_ml, rows: 8);
        SequenceTransformer model = s_ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")], rows = [.. data.GetColumn<float[]>("Features")];
        int[] answers = [.. data.GetColumn<int>("OutputLength")];
        SequenceStepEngine<Pair, Scores> engine = s_ml.Sequence.CreateStepEngine<Pair, Scores>(model);

        for (int row = 0; row < rows.Length; row++)
        {
            engine.Reset();
            Assert.Throws<InvalidOperationException>(() => engine.Answer());
            foreach (float[] step in rows[row].Chunk(2))
                Assert.IsEmpty(engine.Step(new Pair { Features = step }).Score);
            byte[] read = engine.SaveState();
            CollectionAssert.AreEqual(expected[row], Enumerable.Range(0, answers[row]).SelectMany(_ => engine.Answer().Score).ToArray());
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => engine.Step(new Pair { Features = [0, 0] })).Message,
                "Reset");

            engine.LoadState(read);
            CollectionAssert.AreEqual(expected[row], Enumerable.Range(0, answers[row]).SelectMany(_ => engine.Answer().Score).ToArray());
        }
    }

    [TestMethod]
    public void RowsOfAPackedTableAreSteps()
    {
        Reading[] readings = [.. Enumerable.Range(0, 60).Select(i => new Reading { Value = MathF.Sin(i), Other = i % 3 })];
        IDataView table = s_ml.Data.LoadFromEnumerable(readings);
        ITransformer model = s_ml.Transforms.NormalizeMinMax("Value")
            .Append(s_ml.Sequence.Transforms.Pack(["Value", "Other"], "Value", horizon: 1))
            .Append(s_ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { NumberOfIterations = 3, ControllerSize = 5 })).Fit(table);
        float[] expected = model.Transform(table).GetColumn<float[]>("Score").Single();
        SequenceStepEngine<Reading, Scores> engine = s_ml.Sequence.CreateStepEngine<Reading, Scores>(Reload(model, table.Schema));

        // A label a row ahead: the last row has none, and is answered all the same.
        CollectionAssert.AreEqual(expected, readings.SelectMany(reading => engine.Step(reading).Score).ToArray());
    }

    [TestMethod]
    public void ClonesAndSavedStatesGoTheirOwnWayAndRunOnManyThreads()
    {
        SequenceTransformer model = Numeric();
        SequenceStepEngine<Pair, Scores> first = s_ml.Sequence.CreateStepEngine<Pair, Scores>(model);
        first.Step(new Pair { Features = [1, 2] });
        byte[] saved = first.SaveState();
        SequenceStepEngine<Pair, Scores>[] clones = [.. Enumerable.Range(0, 200).Select(_ => first.Clone())];
        SequenceStepEngine<Pair, Scores> loaded = s_ml.Sequence.CreateStepEngine<Pair, Scores>(model);
        loaded.LoadState(saved);
        float[] expected = Run(first);

        CollectionAssert.AreEqual(expected, Run(loaded));
        Parallel.ForEach(clones, clone => CollectionAssert.AreEqual(expected, Run(clone)));

        static float[] Run(SequenceStepEngine<Pair, Scores> engine) =>
            [.. Enumerable.Range(0, 20).SelectMany(i => engine.Step(new Pair { Features = [i % 3, 0.5f] }).Score)];
    }

    [TestMethod]
    public void BadStepsAreNamedAndTheSequenceGoesOn()
    {
        SequenceTransformer model = Numeric();
        SequenceStepEngine<Pair, Scores> engine = s_ml.Sequence.CreateStepEngine<Pair, Scores>(model), other = engine.Clone();
        engine.Step(new Pair { Features = [1, 2] });
        other.Step(new Pair { Features = [1, 2] });

        StringAssert.Contains(Fault([1, float.NaN]).Message, "Column 'Features', row 1 (counted from 0): expected finite numbers");
        var open = s_ml.Sequence.CreateStepEngine<OpenStep, Scores>(model);
        InvalidOperationException two = Assert.Throws<InvalidOperationException>(() => open.Step(new OpenStep { Features = [1, 2, 3, 4] }));
        StringAssert.Contains(two.Message, "expected one step, got 2 steps");
        Assert.Throws<ArgumentNullException>(() => engine.Step(null!));
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => engine.Answer()).Message, "AfterInput");

        Assert.AreEqual(1, engine.Steps);
        // Whoever wants no answer has read the step all the same.
        SequenceStepEngine<Pair, Pair> silent = s_ml.Sequence.CreateStepEngine<Pair, Pair>(model);
        CollectionAssert.AreEqual(new[] { 1f, 2f }, silent.Step(new Pair { Features = [1, 2] }).Features);
        CollectionAssert.AreEqual(engine.SaveState(), silent.SaveState());
        CollectionAssert.AreEqual(other.Step(new Pair { Features = [0, 1] }).Score, engine.Step(new Pair { Features = [0, 1] }).Score);

        InvalidOperationException Fault(float[] step) =>
            Assert.Throws<InvalidOperationException>(() => engine.Step(new Pair { Features = step }));
    }

    // As an empty text in a service, which scores as one step without input.
    [TestMethod]
    public void AnEmptyStepIsAStepWithoutInput()
    {
        SequenceTransformer model = Numeric();
        IDataView nothing = s_ml.Data.LoadFromEnumerable([new OpenStep { Features = [] }]);
        float[] expected = model.Transform(nothing).GetColumn<float[]>("Score").Single();
        var engine = s_ml.Sequence.CreateStepEngine<OpenStep, Scores>(model);

        CollectionAssert.AreEqual(expected, engine.Step(new OpenStep { Features = [] }).Score);
        Assert.AreEqual(1, engine.Steps);
    }

    [TestMethod]
    public void StatesThatAreDamagedOrOfAnotherModelAreRefusedAndChangeNothing()
    {
        SequenceStepEngine<Pair, Scores> engine = s_ml.Sequence.CreateStepEngine<Pair, Scores>(Numeric());
        engine.Step(new Pair { Features = [1, 2] });
        byte[] state = engine.SaveState(), cut = state[..^1], notANumber = [.. state], turned = [.. state], negative = [.. state];
        BinaryPrimitives.WriteSingleLittleEndian(notANumber.AsSpan(state.Length - 4), float.NaN);
        BinaryPrimitives.WriteInt64LittleEndian(negative.AsSpan(8), -1);
        turned[0] ^= 1;

        StringAssert.Contains(Refusal(cut), $"expected {state.Length} bytes, got {state.Length - 1}");
        StringAssert.Contains(Refusal([]), "got 0");
        StringAssert.Contains(Refusal(notANumber), "is NaN");
        StringAssert.Contains(Refusal(turned), "other weights");
        StringAssert.Contains(Refusal(negative), "step -1");
        StringAssert.Contains(Refusal(s_ml.Sequence.CreateStepEngine<Pair, Scores>(Numeric(seed: 9)).SaveState()), "other weights");
        Assert.Throws<ArgumentNullException>(() => engine.LoadState(null!));
        CollectionAssert.AreEqual(state, engine.SaveState());

        string Refusal(byte[] bytes) => Assert.Throws<ArgumentException>(() => engine.LoadState(bytes)).Message;
    }

    [TestMethod]
    public void PipelinesThatCannotRunStepByStepAreRefused()
    {
        SequenceTransformer model = Numeric();
        ITransformer copy = s_ml.Transforms.CopyColumns("A", "Features").Fit(SampleData.Create(s_ml, "numbers", "Single"));
        StringAssert.Contains(Fault(copy).Message, "this one has 0");
        StringAssert.Contains(Fault(new TransformerChain<ITransformer>(model, model)).Message, "this one has 2");
        StringAssert.Contains(Fault(new TransformerChain<ITransformer>(new Summary(), model)).Message, "needs several");
        Assert.Throws<ArgumentNullException>(() => s_ml.Sequence.CreateStepEngine<Pair, Scores>(null!));

        static ArgumentException Fault(ITransformer pipeline) =>
            Assert.Throws<ArgumentException>(() => s_ml.Sequence.CreateStepEngine<Pair, Scores>(pipeline));
    }

    private static SequenceTransformer Numeric(int seed = 3) => s_ml.Sequence.Trainers.Dnc(new DncTrainer.Options
    {
        NumberOfIterations = 3,
        ControllerSize = 6,
        MemorySlots = 4,
        Seed = seed,
    }).Fit(SampleData.Create(s_ml, "numbers", "vector of Single"));

    private static IEstimator<ITransformer> Trainer(object options) => options switch
    {
        NtmTrainer.Options ntm => s_ml.Sequence.Trainers.Ntm(ntm),
        DncTrainer.Options dnc => s_ml.Sequence.Trainers.Dnc(dnc),
        object lstm => s_ml.Sequence.Trainers.Lstm((LstmTrainer.Options)lstm),
    };

    private static ITransformer Reload(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        s_ml.Model.Save(model, schema, file);
        file.Position = 0;
        return s_ml.Model.Load(file, out _);
    }

    // The score as a vector, whatever the label is.
    private static ITransformer Ask(SequenceTransformer model)
    {
        IDataView scored = model.Transform(SampleData.Create(s_ml, "numbers", "Single"));
        return new TransformerChain<ITransformer>(model, s_ml.Transforms.Concatenate("Answer", "Score").Fit(scored));
    }

    private static SchemaDefinition Schema()
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Numbers));
        schema.RemoveAll(column => column.MemberName == nameof(Numbers.Answer));
        return schema;
    }

    private static IDataView Stories() => s_ml.Data.LoadFromEnumerable<Story>(
    [
        new() { Words = ["a", "b", "c", "a"], Answers = ["x", "y", "x", "x"] },
        new() { Words = ["b"], Answers = ["y"] },
        new() { Words = ["c", "c"], Answers = ["", "y"] },
    ]);

    private sealed class Story
    {
        public string[] Words { get; set; } = [];
        public string[] Answers { get; set; } = [];
    }

    private sealed class Token
    {
        public string[] Words { get; set; } = [];

        // ML.NET's own transforms of the label ask for it when they predict, too.
        public string[] Answers { get; set; } = [];
    }

    private sealed class Said
    {
        public float[] Score { get; set; } = [];

        [ColumnName("Said")]
        public string[] Words { get; set; } = [];
    }

    private sealed class Pair
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class OpenStep
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Numbers
    {
        public float[] Features { get; set; } = [];
        public float[] Answer { get; set; } = [];
    }

    // Needs all rows at once.
    private sealed class Summary : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => throw new NotSupportedException();
    }

    private sealed class Reading
    {
        public float Value { get; set; }
        public float Other { get; set; }
    }
}
