using Google.Protobuf;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;
using AttributeType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.AttributeProto.Types.AttributeType;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Graphs;

/// <summary>
/// An ONNX graph while it grows: operators of opset 11 and 12 in the order in which they are added, and the constants they use. Names are
/// unique in a graph and in all graphs inside it.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly string _prefix;
    private readonly Names _names;
    private readonly Dictionary<string, Value> _scalars = [];

    /// <param name="prefix">What every name begins with.</param>
    public OnnxGraph(string prefix)
        : this(prefix, new Names())
    {
    }

    private OnnxGraph(string prefix, Names names) => (_prefix, _names) = (prefix, names);

    /// <summary>The graph as it stands.</summary>
    public GraphProto Message { get; } = new();

    /// <summary>A graph for an attribute of one of this graph's nodes.</summary>
    public OnnxGraph Inner() => new(_prefix, _names);

    /// <summary>A name that nothing else in the graph has.</summary>
    public string Name(string hint) => $"{_prefix}/{hint}_{_names.Next++}";

    /// <summary>The value that has a name already: an input.</summary>
    public Value Named(string name) => new(this, name);

    /// <summary>A node with one output.</summary>
    public Value Add(string operation, ReadOnlySpan<Value> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        AddMany(operation, inputs, 1, attributes)[0];

    /// <summary>A node with <paramref name="outputs"/> outputs.</summary>
    public Value[] AddMany(string operation, ReadOnlySpan<Value> inputs, int outputs,
        params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = Name(operation) };
        foreach (Value input in inputs)
            node.Input.Add(input.Name);
        foreach ((string name, object value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        var results = new Value[outputs];
        for (int i = 0; i < outputs; i++)
        {
            results[i] = new Value(this, outputs == 1 ? node.Name : $"{node.Name}_{i}");
            node.Output.Add(results[i].Name);
        }
        Message.Node.Add(node);
        return results;
    }

    /// <summary>A constant of single-precision numbers, row-major.</summary>
    public Value Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Name("floats"), DataType = (int)DataType.Float };
        foreach (float value in values)
            tensor.FloatData.Add(value);
        return Constant(tensor, shape);
    }

    /// <summary>A list of double-precision numbers.</summary>
    public Value Doubles(params ReadOnlySpan<double> values)
    {
        var tensor = new TensorProto { Name = Name("doubles"), DataType = (int)DataType.Double };
        foreach (double value in values)
            tensor.DoubleData.Add(value);
        return Constant(tensor, [values.Length]);
    }

    /// <summary>A constant of whole numbers, row-major.</summary>
    public Value Longs(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Name("longs"), DataType = (int)DataType.Int64 };
        foreach (long value in values)
            tensor.Int64Data.Add(value);
        return Constant(tensor, shape);
    }

    /// <summary>A list of whole numbers: a shape, or indices.</summary>
    public Value Longs(params ReadOnlySpan<long> values) =>
        Scalar($"[{string.Join(',', values.ToArray())}]", values, static (graph, list) => graph.Longs(list, list.Length));

    /// <summary>A single number; the same one for the same value.</summary>
    public Value Float(float value) =>
        Scalar(FormattableString.Invariant($"{value:R}f"), [BitConverter.SingleToInt32Bits(value)],
            static (graph, bits) => graph.Floats([BitConverter.Int32BitsToSingle((int)bits[0])], 1));

    private delegate Value Maker(OnnxGraph graph, ReadOnlySpan<long> values);

    private Value Scalar(string key, ReadOnlySpan<long> values, Maker make)
    {
        if (!_scalars.TryGetValue(key, out Value known))
            _scalars.Add(key, known = make(this, values));
        return known;
    }

    private Value Constant(TensorProto tensor, ReadOnlySpan<long> shape)
    {
        foreach (long size in shape)
            tensor.Dims.Add(size);
        Message.Initializer.Add(tensor);
        return new Value(this, tensor.Name);
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long:
                (attribute.Type, attribute.I) = (AttributeType.Int, Convert.ToInt64(value, null));
                break;
            case DataType type:
                (attribute.Type, attribute.I) = (AttributeType.Int, (long)type);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] list:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.Add(list);
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeType.Tensor, tensor);
                break;
            case GraphProto graph:
                (attribute.Type, attribute.G) = (AttributeType.Graph, graph);
                break;
            default:
                throw new ArgumentException($"No attribute holds a {value.GetType()}.", nameof(value));
        }
        return attribute;
    }

    private sealed class Names
    {
        public int Next { get; set; }
    }
}
