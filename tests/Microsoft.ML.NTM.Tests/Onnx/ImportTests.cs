using Microsoft.ML.Data;
using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Onnx;

[TestClass]
public sealed class ImportTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1, 3, null, false)]
    [DataRow(2, 1, "Sigmoid", true)]
    [DataRow(3, 4, "Softmax", false)]
    [DataRow(1, 4, "Softmax", true)]
    public void AnLstmOfPyTorchAnswersTheSame(int layers, int outputs, string? activation, bool last) =>
        AssertSame(ForeignLstm.Torch(inputs: 3, size: 5, layers, outputs, seed: layers, activation, last), last, activation switch
        {
            "Sigmoid" => SequenceLoss.BinaryCrossEntropy,
            "Softmax" => SequenceLoss.CrossEntropy,
            _ => SequenceLoss.SquaredError,
        });

    [TestMethod]
    [DataRow(1, 3, null)]
    [DataRow(2, 4, "Softmax")]
    public void ABidirectionalLstmOfPyTorchAnswersTheSame(int layers, int outputs, string? activation) =>
        AssertSame(ForeignLstm.Torch(inputs: 3, size: 5, layers, outputs, seed: layers, activation, bidirectional: true), last: false,
            activation is null ? SequenceLoss.SquaredError : SequenceLoss.CrossEntropy);

    [TestMethod]
    public void ABidirectionalLstmThatAnswersByWhatBothDirectionsEndWithAnswersTheSame() =>
        AssertSame(ForeignLstm.Keras(inputs: 3, size: 4, outputs: 1, seed: 9, bidirectional: true), last: true, SequenceLoss.SquaredError);

    // There the reverse direction has read that step and nothing else.
    [TestMethod]
    public void OneStepOfABidirectionalLstmIsNoAnswerToTheSequence()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, ForeignLstm.Torch(inputs: 3, size: 5, 1, 2, seed: 1, last: true, bidirectional: true));
        Row.Fails<NotSupportedException>(() => _ml.Sequence.ImportOnnxLstm(path), "by what both directions end with");
        File.WriteAllBytes(path, ForeignLstm.Torch(inputs: 3, size: 5, 1, 2, seed: 1, bidirectional: true));
        Row.Fails<NotSupportedException>(() => _ml.Sequence.ImportOnnxLstm(path, oneLabelPerSequence: true), "answers every step");
        File.Delete(path);
    }

    [TestMethod]
    public void AnLstmOfKerasAnswersTheSame() =>
        AssertSame(ForeignLstm.Keras(inputs: 3, size: 4, outputs: 1, seed: 9), last: true, SequenceLoss.SquaredError);

    [TestMethod]
    public void OtherGraphsAreRefusedByName()
    {
        Refused<NotSupportedException>(graph =>
            graph.Named(ForeignLstm.Input).MatMul(graph.Floats([1, 1, 1], 3, 1)), "no LSTM operator", "MatMul");
        Refused<NotSupportedException>(graph => Lstm(graph).Tanh(), "the Tanh");
        Refused<NotSupportedException>(graph => Lstm(graph, ("direction", "reverse")),
            "direction must be forward or bidirectional; it is reverse");
        Refused<NotSupportedException>(graph => Lstm(graph, ("input_forget", 1)), "input_forget must not be set");
        Refused<NotSupportedException>(graph => Lstm(graph) + 1f, "the Add");
        Refused<NotSupportedException>(graph =>
        {
            Value once = Lstm(graph);
            return once.MatMul(once);
        }, "MatMul");
        Row.Fails<FileNotFoundException>(() => _ml.Sequence.ImportOnnxLstm("missing.onnx"), "missing.onnx");
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [0x0A, 0xFF, 0x03]);
        Row.Fails<InvalidDataException>(() => _ml.Sequence.ImportOnnxLstm(path), "Not an ONNX file");
        File.Delete(path);
    }

    [TestMethod]
    public void AGraphThatGoesInACircleIsAnError()
    {
        // Before the LSTM, and after it.
        Refused<InvalidDataException>(graph =>
        {
            Value there = graph.Named("back").Transpose(0, 1);
            GraphMerge.Rename(graph, there, "back");
            return Lstm(graph, there);
        }, "circle");
        Refused<InvalidDataException>(graph =>
        {
            GraphMerge.Rename(graph, Lstm(graph).Reshape(graph.Named("back")), "back");
            return graph.Named(ForeignLstm.Input);
        }, "circle");
    }

    // A damaged file is an error, never a hang or a wrong answer about memory.
    [TestMethod]
    public void DamagedFilesGiveOneClearError()
    {
        byte[] whole = ForeignLstm.Torch(inputs: 3, size: 5, layers: 2, outputs: 2, seed: 1);
        var random = new Random(1);
        string path = Path.GetTempFileName();
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (trial % 3 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            File.WriteAllBytes(path, damaged);
            try
            {
                _ml.Sequence.ImportOnnxLstm(path).Dispose();
            }
            catch (Exception fault) when (fault is InvalidDataException or NotSupportedException or ArgumentException)
            {
                Assert.IsLessThan(1000, fault.Message.Length);
            }
        }
        File.Delete(path);
    }

    private static Value Lstm(OnnxGraph graph, params (string, object)[] attributes) =>
        Lstm(graph, graph.Named(ForeignLstm.Input), attributes);

    private static Value Lstm(OnnxGraph graph, Value input, params (string, object)[] attributes)
    {
        var random = new Random(1);
        return graph.Add("LSTM",
            [input, ForeignLstm.Weights(graph, random, 1, 8, 3), ForeignLstm.Weights(graph, random, 1, 8, 2)],
                [("hidden_size", 2), .. attributes]);
    }

    private void Refused<TException>(Func<OnnxGraph, Value> build, params string[] parts)
        where TException : Exception
    {
        var graph = new OnnxGraph("other");
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, ForeignLstm.Model(graph, build(graph), inputs: 3));
        Row.Fails<TException>(() => _ml.Sequence.ImportOnnxLstm(path), parts);
        File.Delete(path);
    }

    private void AssertSame(byte[] file, bool last, SequenceLoss loss)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, file);
        using SequenceTransformer model = _ml.Sequence.ImportOnnxLstm(path);
        File.Delete(path);
        Assert.AreEqual(last, model.Model.Sequence.OneLabelPerSequence);
        Assert.AreEqual(loss, model.Model.Sequence.Loss);

        var random = new Random(2);
        OnnxRow[] rows = [.. Enumerable.Range(1, 5).Select(steps =>
            new OnnxRow { Features = [.. Enumerable.Range(0, 3 * steps).Select(_ => random.NextSingle() * 2 - 1)] })];
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        // A scalar Boolean's Score is the logit.
        string column = last && loss == SequenceLoss.BinaryCrossEntropy ? "Probability" : "Score";
        float[][] got = scored.Schema[column].Type is VectorDataViewType ? [.. scored.GetColumn<float[]>(column)]
            : [.. scored.GetColumn<float>(column).Select(value => new[] { value })];
        using var session = new OnnxSession(file);
        for (int row = 0; row < rows.Length; row++)
        {
            float[] expected = (float[])session.Run([OnnxSession.Input(ForeignLstm.Input, rows[row].Features, 1, row + 1,
                3)])[ForeignLstm.Output];
            Assert.HasCount(expected.Length, got[row]);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], got[row][i], 1e-6f, $"row {row}, answer {i}");
        }
    }
}
