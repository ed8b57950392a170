using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// A network's parameters as the constants of a graph. Matrices are transposed, for rows to be multiplied with from the left.
/// </summary>
internal sealed class ParameterTables(NetworkSpec spec, ParameterSet parameters)
{
    /// <summary>The values of a parameter, or null where the network has none of that name.</summary>
    public float[]? Find(string name) => parameters.Layout.Contains(name) ? parameters[name].ToArray() : null;

    /// <summary>The values of a parameter, or zeros.</summary>
    public float[] OrZeros(string name, int length) => Find(name) ?? new float[length];

    /// <summary>
    /// A matrix [outputs, inputs] as [chosen inputs, chosen outputs]; <paramref name="rows"/> picks outputs, in that order, all where it
    /// is null.
    /// </summary>
    public static float[] Transposed(ReadOnlySpan<float> matrix, int inputs, Range columns, int[]? rows = null)
    {
        (int first, int count) = columns.GetOffsetAndLength(inputs);
        int outputs = rows?.Length ?? matrix.Length / inputs;
        var turned = new float[count * outputs];
        for (int i = 0; i < count; i++)
        {
            for (int o = 0; o < outputs; o++)
                turned[i * outputs + o] = matrix[(rows?[o] ?? o) * inputs + first + i];
        }
        return turned;
    }

    /// <summary>
    /// x W^T + b with the parameters <c>name.weight</c> and <c>name.bias</c>; <paramref name="rows"/> orders the outputs.
    /// </summary>
    public Value Affine(Value input, string name, int inputs, int[]? rows = null)
    {
        float[] weight = Find(name + ".weight")!, bias = Find(name + ".bias")!;
        int outputs = rows?.Length ?? bias.Length;
        Value table = input.Graph.Floats(Transposed(weight, inputs, .., rows), inputs, outputs);
        return input.MatMul(table) + input.Graph.Floats(rows is null ? bias : [.. rows.Select(row => bias[row])], outputs);
    }

    /// <summary>What the network answers to what its controller and its reads are: [.., L*H + R*M] gives [.., O].</summary>
    public Value Output(Value seen) => Affine(seen, "output", spec.HiddenSize + spec.ReadSize);
}
