using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Graphs;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>A stack of LSTM layers: ONNX's own LSTM operator, which runtimes know well.</summary>
internal sealed class LstmGraph(NetworkSpec spec, SequenceSpec sequence, ParameterTables tables) : NetworkGraph(spec, tables)
{
    // ONNX has the gates in the order i, o, f, g; here they stand as i, f, g, o.
    private static readonly int[] s_gates = [0, 3, 1, 2];

    public override IReadOnlyList<NetworkState> States { get; } = [.. new ControllerGraph(spec, tables).States()];

    public override (Value[] Next, Value Seen) Step(Value projected, Value[] states) => Controller.Step(projected, reads: null, states);

    public override Value Run(Value inputs, Value rows, Value lengths)
    {
        // The operator's own clip is another: of what goes into the gates.
        if (Spec.ControllerClip < 1f)
        {
            return Spec.Bidirectional
                ? throw new NotSupportedException("A bidirectional LSTM goes to ONNX with a ControllerClip of 1 or more, which no output "
                    + FormattableString.Invariant($"reaches; it is {Spec.ControllerClip}."))
                : base.Run(inputs, rows, lengths);
        }
        Value seen = inputs;
        var layers = new Value[Spec.ControllerLayers];
        for (int layer = 0; layer < layers.Length; layer++)
            (layers[layer], seen) = Layer(layer, seen, rows, lengths);
        return Value.Concat(-1, layers);
    }

    // What the output sees of a layer, and what the layer above sees: [T, B, H], or both directions side by side.
    private (Value ForOutput, Value Above) Layer(int layer, Value inputs, Value rows, Value lengths)
    {
        int size = Spec.ControllerSize, seen = Spec.LayerInputSize(layer), directions = Spec.Directions;
        OnnxGraph graph = inputs.Graph;
        Value[] results = graph.AddMany("LSTM",
            [
                inputs,
                graph.Floats(Each(size * seen, reverse => ParameterNames.InputWeights(layer, reverse)), directions, 4 * size, seen),
                graph.Floats(Each(size * size, reverse => ParameterNames.RecurrentWeights(layer, reverse)), directions, 4 * size, size),
                graph.Floats(Bias(layer), directions, 8 * size),
                Spec.Bidirectional ? lengths.Cast(DataType.Int32) : graph.Named(""),
                Start(graph, rows, reverse => ParameterNames.InitialHidden(layer, reverse)),
                Start(graph, rows, reverse => ParameterNames.InitialCell(layer, reverse)),
            ],
            Spec.Bidirectional ? 2 : 1,
            ("hidden_size", size), ("direction", Spec.Bidirectional ? "bidirectional" : "forward"));
        if (!Spec.Bidirectional)
            return (results[0].Squeeze(1), results[0].Squeeze(1));
        Value sides = results[0].Transpose(0, 2, 1, 3).Reshape(0, 0, 2 * size);
        if (!sequence.AnswersAfterInput)
            return (sides, sides);
        // Answers see what the reverse direction ended with, at every step.
        Value forward = sides.Split(size, size)[0];
        Value end = results[1].Gather(graph.Longs(1)).Expand(Value.Concat(0, sides.Size(0), rows, graph.Longs(size)));
        return (Value.Concat(-1, forward, end), sides);
    }

    private Value Start(OnnxGraph graph, Value rows, Func<bool, string> name)
    {
        float[] values = [.. Directed.SelectMany(reverse => Tables.Find(name(reverse))!)];
        return graph.Floats(values, Spec.Directions, 1, Spec.ControllerSize)
            .Expand(Value.Concat(0, graph.Longs(Spec.Directions), rows, graph.Longs(Spec.ControllerSize)));
    }

    // Ours has one bias, the operator's two.
    private float[] Bias(int layer) => [.. Directed.SelectMany(reverse =>
        Ordered(Tables.Find(ParameterNames.ControllerBias(layer, reverse))!, Spec.ControllerSize)
            .Concat(new float[4 * Spec.ControllerSize]))];

    private float[] Each(int gate, Func<bool, string> name) =>
        [.. Directed.SelectMany(reverse => Ordered(Tables.Find(name(reverse))!, gate))];

    private bool[] Directed => Spec.Bidirectional ? [false, true] : [false];

    private static float[] Ordered(float[] values, int gate) => [.. s_gates.SelectMany(g => values[(g * gate)..((g + 1) * gate)])];
}
