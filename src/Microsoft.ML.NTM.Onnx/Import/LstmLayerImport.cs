using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;

namespace Microsoft.ML.NTM.Onnx.Import;

/// <summary>One LSTM operator's parameters in the order that our networks have them.</summary>
/// <param name="InputSize">Numbers that it reads per step.</param>
/// <param name="Size">Units (H).</param>
/// <param name="Directions">Forward, and reverse where it reads both ways.</param>
internal sealed record LstmLayerImport(int InputSize, int Size, IReadOnlyList<LstmDirectionImport> Directions)
{
    /// <summary>What it gives per step: both directions side by side.</summary>
    public int OutputSize => Size * Directions.Count;
}

/// <summary>One direction of an LSTM operator: gates i, f, g, o; one bias.</summary>
/// <param name="InputWeights">[4H, inputs].</param>
/// <param name="RecurrentWeights">[4H, H].</param>
/// <param name="Bias">[4H].</param>
/// <param name="Hidden">Where h starts: [H].</param>
/// <param name="Cell">Where c starts: [H].</param>
internal sealed record LstmDirectionImport(float[] InputWeights, float[] RecurrentWeights, float[] Bias, float[] Hidden, float[] Cell)
{
    // ONNX has i, o, f, g.
    private static readonly int[] s_gates = [0, 2, 3, 1];

    // Where a state comes from may pass through these and is still the same numbers, or as many copies of them.
    private static readonly HashSet<string> s_copies =
        ["Expand", "Unsqueeze", "Squeeze", "Reshape", "Identity", "Transpose", "Slice", "Tile"];

    /// <summary>Reads both directions of a node, or the only one.</summary>
    /// <exception cref="NotSupportedException">The node does what our LSTM does not.</exception>
    public static LstmLayerImport Read(NodeProto node, OnnxTensors tensors, IReadOnlyDictionary<string, NodeProto> producers)
    {
        Require(node, node.Input.Count >= 3, $"it must have X, W and R; it has {node.Input.Count} inputs");
        Require(node, Text(node, "direction") is null or "forward" or "bidirectional",
            $"direction must be forward or bidirectional; it is {Text(node, "direction")}");
        int directions = Text(node, "direction") == "bidirectional" ? 2 : 1;
        Require(node, Find(node, "activations") is not { } activations
            || activations.Strings.Select(name => name.ToStringUtf8()).Chunk(3).All(three => three is ["Sigmoid", "Tanh", "Tanh"]),
            "activations must be Sigmoid, Tanh, Tanh");
        Require(node, (Find(node, "clip")?.F ?? 0) == 0, "clip must not be set");
        Require(node, (Find(node, "input_forget")?.I ?? 0) == 0, "input_forget must not be set");
        Require(node, Input(node, 7) is null, "peephole weights must be left out");
        float[] input = Constant(node, 1, "W", tensors), recurrent = Constant(node, 2, "R", tensors);
        long[] shape = tensors.Shape(node.Input[1]), own = tensors.Shape(node.Input[2]);
        Require(node, shape is [_, > 0, > 0] && shape[0] == directions && shape[1] % 4 == 0
            && own is [_, _, _] && own[0] == directions && own[1] == shape[1] && own[2] == shape[1] / 4,
            $"W and R must be [{directions}, 4H, inputs] and [{directions}, 4H, H]; "
            + $"they are [{string.Join(", ", shape)}] and [{string.Join(", ", own)}]");
        int size = (int)shape[1] / 4;
        float[] bias = Input(node, 3) is null ? new float[8 * size * directions] : Constant(node, 3, "B", tensors);
        Require(node, bias.Length == 8 * size * directions, $"B must have {8 * size * directions} numbers; it has {bias.Length}");
        float[] hidden = Start(node, 5, "initial_h", size * directions, tensors, producers);
        float[] cell = Start(node, 6, "initial_c", size * directions, tensors, producers);
        return new LstmLayerImport((int)shape[2], size, [.. Enumerable.Range(0, directions).Select(direction => new LstmDirectionImport(
            Ordered(Part(input, direction), size * (int)shape[2]), Ordered(Part(recurrent, direction), size * size),
            Ordered(Sum(Part(bias, direction)), size), Part(hidden, direction), Part(cell, direction)))]);

        float[] Part(float[] values, int direction)
        {
            int length = values.Length / directions;
            return values[(direction * length)..((direction + 1) * length)];
        }
    }

    // The operator has two biases.
    private static float[] Sum(float[] both) => [.. both[..(both.Length / 2)].Zip(both[(both.Length / 2)..], (one, other) => one + other)];

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
