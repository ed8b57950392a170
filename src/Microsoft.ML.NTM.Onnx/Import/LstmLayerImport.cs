using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;

namespace Microsoft.ML.NTM.Onnx.Import;

/// <summary>One LSTM operator's parameters in the order that our networks have them: gates i, f, g, o; one bias.</summary>
/// <param name="InputSize">Numbers that it reads per step.</param>
/// <param name="Size">Units (H).</param>
/// <param name="InputWeights">[4H, inputs].</param>
/// <param name="RecurrentWeights">[4H, H].</param>
/// <param name="Bias">[4H].</param>
/// <param name="Hidden">Where h starts: [H].</param>
/// <param name="Cell">Where c starts: [H].</param>
internal sealed record LstmLayerImport(int InputSize, int Size, float[] InputWeights, float[] RecurrentWeights, float[] Bias,
    float[] Hidden, float[] Cell)
{
    // ONNX has i, o, f, g.
    private static readonly int[] s_gates = [0, 2, 3, 1];

    // Where a state comes from may pass through these and is still the same numbers, or as many copies of them.
    private static readonly HashSet<string> s_copies =
        ["Expand", "Unsqueeze", "Squeeze", "Reshape", "Identity", "Transpose", "Slice", "Tile"];

    /// <summary>Reads a node.</summary>
    /// <exception cref="NotSupportedException">The node does what our LSTM does not.</exception>
    public static LstmLayerImport Read(NodeProto node, OnnxTensors tensors, IReadOnlyDictionary<string, NodeProto> producers)
    {
        Require(node, node.Input.Count >= 3, $"it must have X, W and R; it has {node.Input.Count} inputs");
        Require(node, Text(node, "direction") is null or "forward", $"direction must be forward; it is {Text(node, "direction")}");
        Require(node, Find(node, "activations") is not { } activations
            || activations.Strings.Select(name => name.ToStringUtf8()).SequenceEqual(["Sigmoid", "Tanh", "Tanh"]),
            "activations must be Sigmoid, Tanh, Tanh");
        Require(node, (Find(node, "clip")?.F ?? 0) == 0, "clip must not be set");
        Require(node, (Find(node, "input_forget")?.I ?? 0) == 0, "input_forget must not be set");
        Require(node, Input(node, 7) is null, "peephole weights must be left out");
        float[] input = Constant(node, 1, "W", tensors), recurrent = Constant(node, 2, "R", tensors);
        long[] shape = tensors.Shape(node.Input[1]), own = tensors.Shape(node.Input[2]);
        Require(node, shape is [1, > 0, > 0] && shape[1] % 4 == 0 && own is [1, _, _] && own[1] == shape[1] && own[2] == shape[1] / 4,
            $"W and R must be [1, 4H, inputs] and [1, 4H, H]; they are [{string.Join(", ", shape)}] and [{string.Join(", ", own)}]");
        int size = (int)shape[1] / 4;
        var bias = new float[4 * size];
        if (Input(node, 3) is not null)
        {
            float[] both = Constant(node, 3, "B", tensors);
            Require(node, both.Length == 8 * size, $"B must have {8 * size} numbers; it has {both.Length}");
            for (int i = 0; i < bias.Length; i++)
                bias[i] = both[i] + both[i + bias.Length];
        }
        return new LstmLayerImport((int)shape[2], size, Ordered(input, size * (int)shape[2]), Ordered(recurrent, size * size),
            Ordered(bias, size),
            Start(node, 5, "initial_h", size, tensors, producers), Start(node, 6, "initial_c", size, tensors, producers));
    }

    private static float[] Ordered(float[] values, int gate) => [.. s_gates.SelectMany(g => values[(g * gate)..((g + 1) * gate)])];

    // Zeros, or the same numbers for every sequence.
    private static float[] Start(NodeProto node, int index, string role, int size, OnnxTensors tensors,
        IReadOnlyDictionary<string, NodeProto> producers)
    {
        if (Input(node, index) is not { } name)
            return new float[size];
        for (int steps = 0; !tensors.Contains(name) && producers.TryGetValue(name, out NodeProto? producer); steps++)
        {
            Require(node, steps <= producers.Count, $"{role} comes from a graph that goes in a circle");
            if (producer.OpType == "ConstantOfShape"
                && (producer.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is not { } value || IsZero(value)))
                return new float[size];
            Require(node, s_copies.Contains(producer.OpType), $"{role} must be constant; it comes from a {producer.OpType}");
            name = producer.Input[0];
        }
        Require(node, tensors.Contains(name), $"{role} must be constant; it comes from the input '{name}'");
        float[] values = tensors.Floats(name);
        if (values.All(number => number == 0f))
            return new float[size];
        Require(node, values.Length == size, $"{role} must be the same {size} numbers for every sequence; it has {values.Length}");
        return values;
    }

    private static bool IsZero(TensorProto value) => value.FloatData.All(number => number == 0f)
        && value.RawData.Span.IndexOfAnyExcept((byte)0) < 0;

    private static float[] Constant(NodeProto node, int index, string role, OnnxTensors tensors)
    {
        Require(node, Input(node, index) is { } name && tensors.Contains(name), $"{role} must be a constant");
        return tensors.Floats(node.Input[index]);
    }

    private static string? Input(NodeProto node, int index) => node.Input.Count > index && node.Input[index].Length > 0
        ? node.Input[index] : null;

    private static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    private static string? Text(NodeProto node, string name) => Find(node, name)?.S.ToStringUtf8();

    private static void Require(NodeProto node, bool holds, string fault)
    {
        string? name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0);
        if (!holds)
            throw new NotSupportedException($"The LSTM '{name}' cannot be imported: {fault}.");
    }
}
