using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>A stack of LSTM layers: ONNX's own LSTM operator, which runtimes know well.</summary>
internal sealed class LstmGraph(NetworkSpec spec, ParameterTables tables) : NetworkGraph(spec, tables)
{
    // ONNX has the gates in the order i, o, f, g; here they stand as i, f, g, o.
    private static readonly int[] s_gates = [0, 3, 1, 2];

    public override IReadOnlyList<NetworkState> States { get; } = [.. new ControllerGraph(spec, tables).States()];

    public override (Value[] Next, Value Seen) Step(Value projected, Value[] states) => Controller.Step(projected, reads: null, states);

    public override Value Run(Value inputs, Value rows)
    {
        // The operator's own clip is another: of what goes into the gates.
        if (Spec.ControllerClip < 1f)
            return base.Run(inputs, rows);
        var layers = new Value[Spec.ControllerLayers];
        for (int layer = 0; layer < layers.Length; layer++)
            layers[layer] = Layer(layer, layer == 0 ? inputs : layers[layer - 1], rows);
        return Value.Concat(-1, layers);
    }

    private Value Layer(int layer, Value inputs, Value rows)
    {
        int size = Spec.ControllerSize, seen = Spec.LayerInputSize(layer);
        float[] bias = Ordered(Tables.Find(ParameterNames.ControllerBias(layer))!, size);
        Value hidden = States[2 * layer].ForEachRow(States[2 * layer].Start(inputs.Graph), rows).Unsqueeze(0);
        Value cell = States[2 * layer + 1].ForEachRow(States[2 * layer + 1].Start(inputs.Graph), rows).Unsqueeze(0);
        return inputs.Graph.Add("LSTM",
            [
                inputs,
                inputs.Graph.Floats(Ordered(Tables.Find(ParameterNames.InputWeights(layer))!, size * seen), 1, 4 * size, seen),
                inputs.Graph.Floats(Ordered(Tables.Find(ParameterNames.RecurrentWeights(layer))!, size * size), 1, 4 * size, size),
                inputs.Graph.Floats([.. bias, .. new float[4 * size]], 1, 8 * size),
                inputs.Graph.Named(""),
                hidden,
                cell,
            ],
            ("hidden_size", size)).Squeeze(1);
    }

    private static float[] Ordered(float[] values, int gate) => [.. s_gates.SelectMany(g => values[(g * gate)..((g + 1) * gate)])];
}
