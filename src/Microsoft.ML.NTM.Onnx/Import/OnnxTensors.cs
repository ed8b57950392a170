using System.Buffers.Binary;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Import;

/// <summary>Constants of a graph: initializers and Constant nodes.</summary>
internal sealed class OnnxTensors
{
    private readonly Dictionary<string, TensorProto> _tensors = [];

    public OnnxTensors(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
            _tensors[tensor.Name] = tensor;
        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Constant"))
        {
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } tensor)
                _tensors[node.Output[0]] = tensor;
        }
    }

    /// <summary>Whether the value is a constant.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The shape of a constant.</summary>
    public long[] Shape(string name) => [.. _tensors[name].Dims];

    /// <summary>A constant of single-precision numbers, row-major.</summary>
    /// <exception cref="NotSupportedException">It holds something else, or is not in the file.</exception>
    /// <exception cref="InvalidDataException">It is not as long as its shape says.</exception>
    public float[] Floats(string name)
    {
        TensorProto tensor = _tensors[name];
        if (tensor.DataType != (int)DataType.Float)
            throw new NotSupportedException($"The constant '{name}' must hold float32; it holds {(DataType)tensor.DataType}.");
        if (tensor.ExternalData.Count > 0)
            throw new NotSupportedException($"The constant '{name}' lies in another file; save the model as one file.");
        float[] values = tensor.RawData.Length > 0 ? Raw(tensor, name) : [.. tensor.FloatData];
        long length = 1;
        foreach (long size in tensor.Dims)
            length = size >= 0 && size <= int.MaxValue && length * size <= int.MaxValue ? length * size : -1;
        return length == values.Length ? values : throw new InvalidDataException(
            $"The constant '{name}' is {string.Join(" x ", tensor.Dims)} by its shape and has {values.Length} numbers.");
    }

    private static float[] Raw(TensorProto tensor, string name)
    {
        ReadOnlySpan<byte> bytes = tensor.RawData.Span;
        if (bytes.Length % sizeof(float) != 0)
            throw new InvalidDataException($"The constant '{name}' has {bytes.Length} bytes, which are no whole numbers.");
        var values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return values;
    }
}
