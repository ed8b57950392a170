using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// The controller as operators. What the inputs x alone decide is multiplied once for all steps (<see cref="Project"/>); a step adds what
/// comes from reads and from the controller itself.
/// </summary>
internal sealed class ControllerGraph(NetworkSpec spec, ParameterTables tables)
{
    // A gate's products and tanh lie in [-1, 1].
    private readonly bool _clips = spec.ControllerClip < 1f;

    private bool IsLstm => spec.Controller == ControllerKind.Lstm;

    /// <summary>Hidden and cell of every layer; a feed-forward controller has none.</summary>
    public IEnumerable<NetworkState> States()
    {
        for (int layer = 0; IsLstm && layer < spec.ControllerLayers; layer++)
        {
            yield return new(
                $"hidden.{layer}", tables.OrZeros(ParameterNames.InitialHidden(layer), spec.ControllerSize), spec.ControllerSize);
            yield return new($"cell.{layer}", tables.OrZeros(ParameterNames.InitialCell(layer), spec.ControllerSize), spec.ControllerSize);
        }
    }

    /// <summary>The inputs' part in every layer that sees them, with its bias, side by side: [.., D] gives [.., P].</summary>
    public Value Project(Value inputs)
    {
        if (!IsLstm)
        {
            return Part(inputs, ParameterNames.FeedForwardWeights, spec.ControllerInputSize, ..spec.InputSize)
                + Bias(inputs.Graph, ParameterNames.ControllerBias(0));
        }
        var parts = new Value[LayersThatSeeInputs];
        for (int layer = 0; layer < parts.Length; layer++)
        {
            parts[layer] = Part(inputs, ParameterNames.InputWeights(layer), spec.LayerInputSize(layer), ..spec.InputSize)
                + Bias(inputs.Graph, ParameterNames.ControllerBias(layer));
        }
        return Value.Concat(-1, parts);
    }

    /// <summary>One step of all rows: the next states, and all layers' outputs side by side [B, L*H].</summary>
    /// <param name="projected">The step's row of <see cref="Project"/>.</param>
    /// <param name="reads">All reads side by side [B, R*M]; null without a memory.</param>
    /// <param name="states">As <see cref="States"/> lists them.</param>
    public (Value[] Next, Value Output) Step(Value projected, Value? reads, ReadOnlySpan<Value> states)
    {
        if (!IsLstm)
        {
            Value read = Part(reads!.Value, ParameterNames.FeedForwardWeights, spec.ControllerInputSize, spec.InputSize..);
            return ([], Clip((projected + read).Tanh()));
        }
        Value[] inputs = projected.Split([.. Enumerable.Repeat(4L * spec.ControllerSize, LayersThatSeeInputs)]);
        var next = new Value[states.Length];
        var hidden = new Value[spec.ControllerLayers];
        for (int layer = 0; layer < hidden.Length; layer++)
        {
            Value gates = Recurrent(layer, layer == 0 ? null : hidden[layer - 1], states[2 * layer], reads);
            gates += layer < inputs.Length ? inputs[layer] : Bias(projected.Graph, ParameterNames.ControllerBias(layer));
            (hidden[layer], next[2 * layer + 1]) = Gates(gates, states[2 * layer + 1]);
            next[2 * layer] = hidden[layer];
        }
        return (next, Value.Concat(-1, hidden));
    }

    private int LayersThatSeeInputs => spec.Kind == NetworkKind.Dnc ? spec.ControllerLayers : 1;

    // Gates in the order i, f, g, o; c = f c + i g; h = o tanh(c).
    private (Value Hidden, Value Cell) Gates(Value gates, Value cell)
    {
        long size = spec.ControllerSize;
        Value[] gate = gates.Split(size, size, size, size);
        Value next = gate[1].Sigmoid() * cell + gate[0].Sigmoid() * gate[2].Tanh();
        return (Clip(gate[3].Sigmoid() * next.Tanh()), next);
    }

    // [reads ; h of the layer below ; own h] times the weights of all three: one product.
    private Value Recurrent(int layer, Value? below, Value own, Value? reads)
    {
        int size = spec.ControllerSize, seen = spec.LayerInputSize(layer), rows = 4 * size;
        bool seesInputs = layer < LayersThatSeeInputs;
        float[] ih = tables.Find(ParameterNames.InputWeights(layer))!, hh = tables.Find(ParameterNames.RecurrentWeights(layer))!;
        var parts = new List<Value>();
        if (seesInputs && reads is { } read)
            parts.Add(read);
        if (below is { } lower)
            parts.Add(lower);
        parts.Add(own);
        float[] weights = [.. ParameterTables.Transposed(ih, seen, (seesInputs ? spec.InputSize : 0)..),
            .. ParameterTables.Transposed(hh, size, ..)];
        return Value.Concat(-1, [.. parts]).MatMul(own.Graph.Floats(weights, weights.Length / rows, rows));
    }

    private Value Part(Value input, string weight, int inputs, Range columns)
    {
        float[] matrix = tables.Find(weight)!;
        float[] turned = ParameterTables.Transposed(matrix, inputs, columns);
        int outputs = matrix.Length / inputs;
        return input.MatMul(input.Graph.Floats(turned, turned.Length / outputs, outputs));
    }

    private Value Bias(OnnxGraph graph, string name)
    {
        float[] bias = tables.Find(name)!;
        return graph.Floats(bias, bias.Length);
    }

    private Value Clip(Value hidden) => _clips ? hidden.Clip(spec.ControllerClip) : hidden;
}
