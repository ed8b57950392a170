using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.NTM.Tests.Onnx;

[TestClass]
public sealed class StepGraphTests
{
    [TestMethod]
    [DataRow(NetworkKind.Lstm)]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    public void StepByStepTheAnswersAreThoseOfTheWholeSequence(NetworkKind kind)
    {
        var ml = new MLContext(seed: 1);
        string[] faults = [.. Enumerable.Range(0, 20).Select(seed => Check(ml, kind, seed)).OfType<string>()];

        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    [TestMethod]
    public void APipelineTakesStepsWithItsTransforms()
    {
        var ml = new MLContext(seed: 1);
        var random = new Random(5);
        Reading[] readings = [.. Enumerable.Range(0, 60).Select(_ =>
            new Reading { X = random.NextSingle() * 90, Y = random.NextSingle() })];
        IDataView table = ml.Data.LoadFromEnumerable(readings);
        ITransformer scales = ml.Transforms.NormalizeMinMax("X",
            fixZero: false).Append(ml.Transforms.Concatenate("Features", "X", "Y")).Fit(table);
        IDataView scaled = scales.Transform(table);
        IDataView packed = ml.Sequence.Transforms.Pack(["Features"], "Y", window: 6).Fit(scaled).Transform(scaled);
        SequenceTransformer trained = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 3 }).Fit(packed);
        using var stream = new MemoryStream();
        ml.Sequence.ExportStepOnnx(scales.Append(trained), ml.Data.LoadFromEnumerable<Reading>([]).Schema, stream);
        using var session = new OnnxSession(stream.ToArray());

        float[] expected = trained.Transform(packed).GetColumn<float[]>("Score").First();
        var inputs = new List<NamedOnnxValue>();
        for (int step = 0; step < 6; step++)
        {
            inputs.Add(OnnxSession.Input("X", [readings[step].X], 1, 1));
            inputs.Add(OnnxSession.Input("Y", [readings[step].Y], 1, 1));
            Dictionary<string, Array> outputs = session.Run(inputs);
            Assert.AreEqual(expected[step], ((float[])outputs["Score.output"])[0], 1e-5f, $"step {step}");
            inputs = [.. outputs.Where(output => output.Key.StartsWith("State.", StringComparison.Ordinal))
                .Select(output => OnnxSession.Input(output.Key[..^".output".Length], (float[])output.Value, 1, 4))];
        }
    }

    [TestMethod]
    public void WhereAPipelinePacksATableAStepIsARowOfIt()
    {
        var ml = new MLContext(seed: 1);
        var random = new Random(6);
        string[] kinds = ["a", "b", "c"];
        Event[] events = [.. Enumerable.Range(0, 60).Select(i =>
            new Event { Run = i / 6, X = random.NextSingle() * 90, Y = random.NextSingle(), Kind = kinds[i % 3], Failed = i % 12 < 6 })];
        IDataView table = ml.Data.LoadFromEnumerable(events);
        var packing = new PackOptions
        {
            Features = [new("Features", ["X", "Y"]), new("Kinds", ["Kind"])],
            Label = new("Label", ["Failed"]),
            LabelPlacement = LabelPlacement.Last,
            SequenceColumnName = "Run",
        };
        ITransformer model = ml.Transforms.NormalizeMinMax("X", fixZero: false).Append(ml.Transforms.Conversion.MapValueToKey("Kind"))
            .Append(ml.Sequence.Transforms.Pack(packing))
            .Append(ml.Sequence.Trainers.Lstm(new()
            {
                FeatureColumnNames = ["Features", "Kinds"],
                ControllerSize = 4,
                NumberOfIterations = 3,
            }))
            .Fit(table);
        using var stream = new MemoryStream();
        ml.Sequence.ExportStepOnnx(model, table.Schema, stream);
        using var session = new OnnxSession(stream.ToArray());
        SequenceStepEngine<Event, Failure> engine = ml.Sequence.CreateStepEngine<Event, Failure>(model);

        // What is only a label or an id is no input.
        CollectionAssert.AreEquivalent(new[] { "X", "Y", "Kind" }, session.Session.InputNames.ToArray());
        var states = new List<NamedOnnxValue>();
        foreach (Event step in events[..6])
        {
            NamedOnnxValue kind = NamedOnnxValue.CreateFromTensor("Kind", new DenseTensor<string>(new[] { step.Kind }, [1, 1]));
            Dictionary<string, Array> outputs =
                session.Run([OnnxSession.Input("X", [step.X], 1, 1), OnnxSession.Input("Y", [step.Y], 1, 1), kind, .. states]);
            Assert.AreEqual(engine.Step(step).Probability, ((float[])outputs["Probability.output"])[0], 1e-5f);
            states = [.. outputs.Where(output => output.Key.StartsWith("State.", StringComparison.Ordinal))
                .Select(output => OnnxSession.Input(output.Key[..^".output".Length], (float[])output.Value, 1, 4))];
        }
    }

    [TestMethod]
    public void WhatNeedsSeveralRowsIsNamed()
    {
        var ml = new MLContext(seed: 1);
        IDataView series = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Reading { X = i % 7, Y = i }));
        ITransformer model = ml.Sequence.Transforms.Pack(["X"], "X", window: 4, horizon: 1, labelPlacement: LabelPlacement.Last)
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 3, NumberOfIterations = 1 })).Fit(series);
        ITransformer shuffled = new TransformerChain<ITransformer>([new Shuffled(), model]);

        Row.Fails<ArgumentException>(() => ml.Sequence.ExportStepOnnx(shuffled, series.Schema, Stream.Null),
            "A graph of one step cannot take one row at a time through Shuffled");
    }

    [TestMethod]
    public void OfAPipelineWithoutASequenceModelThereIsNoStep()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable([new Reading()]);
        ITransformer scales = ml.Transforms.NormalizeMinMax("X").Fit(table);

        Row.Fails<ArgumentException>(() => ml.Sequence.ExportStepOnnx(scales, table.Schema, Stream.Null), "one sequence model", "has 0");
    }

    private static string? Check(MLContext ml, NetworkKind kind, int seed)
    {
        // Two rows of the same length go through the graph together.
        OnnxCase given = OnnxCase.Random(kind, seed, [7, 7]);
        IDataView data = given.View(ml);
        using var model = new SequenceTransformer(CatalogUtils.GetEnvironment(ml.Sequence), given.Model, SequenceBackend.Managed);
        using var stream = new MemoryStream();
        ml.Sequence.ExportStepOnnx(model, stream);
        using var session = new OnnxSession(stream.ToArray());

        float[][] expected = RandomNetworksTests.Scores(model, data);
        List<float>[] got = [[], []];
        SequenceSpec sequence = given.Model.Sequence;
        bool after = sequence.Alignment == SequenceAlignment.AfterInput;
        int answers = after ? expected.Max(row => row.Length) / given.Model.Network.OutputSize : 0;
        var state = new Dictionary<string, Array>();
        for (int step = 0; step < 7 + (after ? 1 + answers : 0); step++)
        {
            Dictionary<string, Array> outputs =
                session.Run(Inputs(session.Session, given, Math.Min(step, 6), step < 7 ? 0 : step == 7 ? 1 : 2, after, state));
            state = outputs.Where(output => output.Key.StartsWith("State.", StringComparison.Ordinal)).ToDictionary(output =>
                output.Key[..^".output".Length], output => output.Value);
            float[] scores = (float[])outputs["Score.output"];
            for (int row = 0; row < 2 && (after ? step > 7 : !sequence.OneLabelPerSequence || step == 6); row++)
                got[row].AddRange(scores[(row * scores.Length / 2)..((row + 1) * scores.Length / 2)]);
        }
        for (int row = 0; row < 2; row++)
        {
            for (int i = 0; i < expected[row].Length; i++)
            {
                if (!(Math.Abs(expected[row][i] - got[row][i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[row][i]))))
                    return $"row {row}, score {i}: {expected[row][i]}, {got[row][i]}; {kind} {seed}: {given.Model.Network}, {sequence}";
            }
        }
        return null;
    }

    private static IEnumerable<NamedOnnxValue> Inputs(InferenceSession session, OnnxCase given, int step, long kind, bool after,
        Dictionary<string, Array> state)
    {
        foreach (FeatureFormat feature in given.Model.Format.Features)
        {
            Range values = (step * feature.ValuesPerStep)..((step + 1) * feature.ValuesPerStep);
            yield return feature.ColumnName == OnnxCase.Numbers
                ? OnnxSession.Input(feature.ColumnName, [.. given.Rows.SelectMany(row => row.Features[values])], 2, feature.ValuesPerStep)
                : OnnxSession.Input(feature.ColumnName,
                    [.. given.Rows.SelectMany(row => (feature.ColumnName == OnnxCase.Keys ? row.Keys : row.Words)[values])], 2,
                        feature.ValuesPerStep);
        }
        if (after)
            yield return OnnxSession.Input("StepKind", [kind], 1, 1);
        foreach ((string name, Array values) in state)
        {
            int[] shape = session.OverridableInitializerMetadata[name].Dimensions;
            yield return OnnxSession.Input(name, (float[])values, [2, .. shape[1..]]);
        }
    }

    private sealed class Reading
    {
        public float X { get; set; }
        public float Y { get; set; }
    }
    private sealed class Event
    {
        public float Run { get; set; }
        public float X { get; set; }
        public float Y { get; set; }
        public string Kind { get; set; } = "";
        public bool Failed { get; set; }
    }

    private sealed class Failure
    {
        public float Probability { get; set; }
    }

    /// <summary>A transformer that sees all rows.</summary>
    private sealed class Shuffled : ITransformer
    {
        public bool IsRowToRowMapper => false;
        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;
        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();
        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException();
        public IDataView Transform(IDataView input) => new MLContext(1).Data.ShuffleRows(input);
    }
}
