using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Data;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.NTM.Tests.Onnx;

[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(SequenceBackend.Managed)]
    [DataRow(SequenceBackend.Torch)]
    public void NormalizersAndMissingValuesGoAlong(SequenceBackend backend)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Readings());
        ITransformer model = _ml.Transforms.ReplaceMissingValues("Features",
            replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(_ml.Transforms.NormalizeMinMax("Features", fixZero: false))
            .Append(_ml.Sequence.Trainers.Lstm(new() { InputSize = 2, ControllerSize = 5, NumberOfIterations = 3, Backend = backend }))
            .Fit(data);

        AssertSame(model, data, "Score");
    }

    [TestMethod]
    public void TokensBecomeKeysAndKeysLabelsAgain()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Sentences(["a", "b", "c"]));
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Words").Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sequence.Trainers.Ntm(new()
            {
                FeatureColumnName = "Words",
                EmbeddingSize = 3,
                ControllerSize = 5,
                MemorySlots = 6,
                MemoryWidth = 4,
                NumberOfIterations = 3
            }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"))
            .Fit(data);

        // Words and labels never seen in training are missing keys.
        IDataView unseen = _ml.Data.LoadFromEnumerable(Sentences(["a", "z", "c", ""]));
        AssertSame(model, unseen, "Score", "PredictedLabel");
        using OnnxSession session = OnnxSession.Of(_ml, model, unseen, "Answer");
        Sentence[] rows = [.. _ml.Data.CreateEnumerable<Sentence>(unseen, reuseRowObject: false)];
        Dictionary<string, Array> got = session.Run(
        [
            OnnxSession.Input("Words", rows.SelectMany(row => row.Words).ToArray(), rows.Length, 4),
            OnnxSession.Input("Label", rows.Select(row => row.Label).ToArray(), rows.Length, 1),
        ]);
        CollectionAssert.AreEqual(model.Transform(unseen).GetColumn<string>("Answer").ToArray(), got["Answer.output"]);
    }

    [TestMethod]
    public void APackedTableIsExportedFromItsSequencesOn()
    {
        IDataView table = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Step { X = MathF.Sin(i) }));
        ITransformer model = _ml.Sequence.Transforms.Pack(["X"], "X", labelPlacement: LabelPlacement.Last, window: 6, horizon: 1)
            .Append(_ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2 }))
            .Fit(table);
        using OnnxSession session = OnnxSession.Of(_ml, model, table, "Score");

        IDataView scored = model.Transform(table);
        float[][] features = [.. scored.GetColumn<float[]>("Features")];
        float[] expected = [.. scored.GetColumn<float>("Score")];
        float[] got = (float[])session.Run(
        [
            OnnxSession.Input("Features", features.SelectMany(row => row).ToArray(), features.Length, 6, 1),
            OnnxSession.Input("Label", new float[features.Length], features.Length, 1),
        ])["Score.output"];
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], got[i], 1e-5f);
    }

    [TestMethod]
    public void WhatCannotBeExportedIsNamedBeforeAnythingIsWritten()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Readings().Where(row => row.Features.All(float.IsFinite)));
        using var stream = new MemoryStream();
        SequenceTransformer Trained(IDataView rows) =>
            _ml.Sequence.Trainers.Lstm(new() { InputSize = 2, ControllerSize = 3, NumberOfIterations = 1 }).Fit(rows);
        ITransformer custom = _ml.Transforms.CustomMapping<Reading,
            Reading>((from, to) => to.Features = from.Features, contractName: null).Fit(data);
        SequenceTransformer model = Trained(custom.Transform(data));

        Row.Fails<NotSupportedException>(() =>
            _ml.Model.ConvertToOnnx(custom.Append(model), data, stream), "cannot be exported to ONNX", "'Features'", "no ONNX form");
        Row.Fails<NotSupportedException>(() =>
            SequenceOnnxWriters.Find("Another.Package"), "exported to ONNX by the package Another.Package");
        Row.Fails<ArgumentOutOfRangeException>(() => _ml.Model.ConvertToOnnx(model, data, 10, stream), "OpSet version 10 is lower", "11");
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void TransformsBeforeAPackAreAnError()
    {
        IDataView table = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Step { X = MathF.Sin(i) }));
        ITransformer model = _ml.Transforms.NormalizeMinMax("X")
            .Append(_ml.Sequence.Transforms.Pack(["X"], "X", labelPlacement: LabelPlacement.Last, window: 6, horizon: 1))
            .Append(_ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2 }))
            .Fit(table);
        using var stream = new MemoryStream();

        Row.Fails<NotSupportedException>(() => _ml.Model.ConvertToOnnx(model, table, stream), "Pack", "'Features'", "one row of several");
        Assert.AreEqual(0, stream.Length);
    }

    // Row by row inside ML.NET, through its own ONNX transformer.
    private void AssertSame(ITransformer model, IDataView data, params string[] columns)
    {
        string path = Path.GetTempFileName();
        using (FileStream file = File.Create(path))
            _ml.Model.ConvertToOnnx(model, data, file, columns);
        string[] inputs = [.. data.Schema.Select(column => column.Name)];
        IDataView onnx = _ml.Transforms.ApplyOnnxModel([.. columns.Select(column => column + ".output")], inputs,
            path).Fit(data).Transform(data);
        IDataView own = model.Transform(data);
        foreach (string column in columns)
        {
            float[] expected = Values(own, column), actual = Values(onnx, column);
            Assert.IsNotEmpty(expected);
            Assert.HasCount(expected.Length, actual);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], actual[i], 1e-5f, $"{column} {i}");
        }
        File.Delete(path);
    }

    // All rows' values, one behind another; keys as numbers.
    private static float[] Values(IDataView data, string column)
    {
        DataViewType type = data.Schema[column].Type;
        bool isVector = type is VectorDataViewType;
        if ((type is VectorDataViewType vector ? vector.ItemType.RawType : type.RawType) != typeof(uint))
            return [.. isVector ? data.GetColumn<float[]>(column).SelectMany(row => row) : data.GetColumn<float>(column)];
        return [.. (isVector ? data.GetColumn<uint[]>(column).SelectMany(row => row) : data.GetColumn<uint>(column)).Select(key =>
            (float)key)];
    }

    private static IEnumerable<Reading> Readings()
    {
        var random = new Random(3);
        for (int row = 0; row < 20; row++)
        {
            float[] features = [.. Enumerable.Range(0, 8).Select(_ => random.Next(8) == 0 ? float.NaN : random.NextSingle() * 50 + 10)];
            yield return new Reading { Features = features, Label = random.NextSingle() };
        }
    }

    private static IEnumerable<Sentence> Sentences(string[] words)
    {
        var random = new Random(4);
        for (int row = 0; row < 20; row++)
            yield return new Sentence
            {
                Words = [.. Enumerable.Range(0, 4).Select(_ => words[random.Next(words.Length)])],
                Label = random.Next(2) == 0 ? "yes" : "no"
            };
    }

    private sealed class Reading
    {
        [VectorType(8)]
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Sentence
    {
        [VectorType(4)]
        public string[] Words { get; set; } = [];
        public string Label { get; set; } = "";
    }

    private sealed class Step
    {
        public float X { get; set; }
    }
}
