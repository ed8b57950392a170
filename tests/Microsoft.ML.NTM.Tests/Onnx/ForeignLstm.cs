using Google.Protobuf;
using Microsoft.ML.NTM.Onnx.Graphs;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Tests.Onnx;

/// <summary>
/// LSTM networks in ONNX as other frameworks export them: PyTorch's (batch first, initial states made by ConstantOfShape, Squeeze between
/// layers, MatMul and Add) and Keras' by tf2onnx (time first by Transpose, no initial states, Gemm, raw constants).
/// </summary>
internal static class ForeignLstm
{
    public const string Input = "input", Output = "output";

    /// <summary>
    /// As <c>torch.onnx.export</c> writes nn.LSTM(batch_first=True), nn.Linear and an activation; the last step's answer only where
    /// asked.
    /// </summary>
    public static byte[] Torch(int inputs, int size, int layers, int outputs, int seed, string? activation = null, bool last = false,
        bool bidirectional = false)
    {
        var random = new Random(seed);
        var graph = new OnnxGraph("torch");
        Value at = graph.Named(Input).Transpose(1, 0, 2);
        Value rows = at.Size(1);
        int directions = bidirectional ? 2 : 1;
        Value zeros = graph.Add("ConstantOfShape", [Value.Concat(0, graph.Longs(directions), rows, graph.Longs(size))]);
        for (int layer = 0; layer < layers; layer++)
        {
            int seen = layer == 0 ? inputs : directions * size;
            at = graph.Add("LSTM",
                [at, Weights(graph, random, directions, 4 * size, seen), Weights(graph, random, directions, 4 * size, size),
                    Weights(graph, random, directions, 8 * size), graph.Named(""), zeros, zeros],
                ("hidden_size", size), ("direction", bidirectional ? "bidirectional" : "forward"));
            at = bidirectional ? at.Transpose(0, 2, 1, 3).Reshape(0, 0, -1) : at.Squeeze(1);
        }
        at = at.Transpose(1, 0, 2);
        if (last)
            at = at.Gather(graph.Longs([-1]), axis: 1);
        at = at.MatMul(Weights(graph, random, directions * size, outputs));
        at = graph.Add("Add", [Weights(graph, random, outputs), at]);
        if (activation is not null)
            at = activation == "Softmax" ? at.Softmax() : graph.Add(activation, [at]);
        return Model(graph, at, inputs);
    }

    /// <summary>As tf2onnx writes an LSTM that returns its last output, and a Dense layer; learned initial states.</summary>
    public static byte[] Keras(int inputs, int size, int outputs, int seed, bool bidirectional = false)
    {
        int directions = bidirectional ? 2 : 1;
        var random = new Random(seed);
        var graph = new OnnxGraph("keras");
        Value at = graph.Named(Input).Transpose(1, 0, 2);
        Value shape = Value.Concat(0, graph.Longs(directions), at.Size(1), graph.Longs(size));
        Value[] steps = graph.AddMany("LSTM",
            [at, Weights(graph, random, directions, 4 * size, inputs), Weights(graph, random, directions, 4 * size, size),
                Weights(graph, random, directions, 8 * size), graph.Named(""),
                Weights(graph, random, directions, 1, size).Expand(shape), Weights(graph, random, directions, 1, size).Expand(shape)], 2,
                    ("hidden_size", size), ("direction", bidirectional ? "bidirectional" : "forward"));
        Value ends = bidirectional ? steps[1].Transpose(1, 0, 2).Reshape(0, -1) : steps[1].Squeeze(0);
        Value dense = graph.Add("Gemm", [ends, Weights(graph, random, outputs, directions * size), Weights(graph, random, outputs)],
            ("transB", 1));
        foreach (TensorProto tensor in graph.Message.Initializer.Where(tensor => tensor.DataType == (int)DataType.Float))
        {
            tensor.RawData = ByteString.CopyFrom([.. tensor.FloatData.SelectMany(BitConverter.GetBytes)]);
            tensor.FloatData.Clear();
        }
        return Model(graph, dense, inputs);
    }

    /// <summary>A graph as a file, with one input [B, T, D] and one output.</summary>
    public static byte[] Model(OnnxGraph graph, Value output, int inputs)
    {
        GraphMerge.Rename(graph, output, Output);
        graph.Message.Name = "foreign";
        graph.Message.Input.Add(Described(Input, inputs));
        graph.Message.Output.Add(Described(Output, null));
        return new ModelProto
        {
            IrVersion = 6,
            Graph = graph.Message,
            OpsetImport = { new OperatorSetIdProto { Version = 12 } }
        }.ToByteArray();
    }

    public static Value Weights(OnnxGraph graph, Random random, params long[] shape) =>
        graph.Floats([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, n) => product * n)).Select(_ =>
            random.NextSingle() * 2 - 1)], shape);

    private static ValueInfoProto Described(string name, int? width)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float };
        if (width is { } known)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "rows" });
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "steps" });
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = known });
        }
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
