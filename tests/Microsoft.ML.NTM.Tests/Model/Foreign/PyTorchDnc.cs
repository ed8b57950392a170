using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>
/// A DNC as pytorch-dnc (ixaxaar) keeps it: nn.LSTM with layers that see the one below only, one interface matrix for the last of them,
/// and reads that reach the output but not the controller. Run with the paper's equations: there strengths are softplus, and keys and
/// write vector pass through tanh. What is shown is that every number finds its place.
/// </summary>
internal sealed class PyTorchDnc
{
    private const int Slots = 6, Width = 3, Heads = 2, Size = 4, Layers = 2, Inputs = 3;

    // The interface vector stands in our order, but for the modes: backward, forward, content.
    private static readonly (string Name, int Size)[] s_parts =
    [
        ("read_keys", Heads * Width), ("read_strengths", Heads), ("write_keys", Width), ("write_strengths", 1), ("erase_vectors", Width),
        ("write_vectors", Width), ("free_gate", Heads), ("allocation_gate", 1), ("write_gate", 1), ("read_mode", 3 * Heads),
    ];

    public PyTorchDnc(int seed)
    {
        var random = new Random(seed);
        for (int layer = 0; layer < Layers; layer++)
        {
            Weights.Add($"lstm_layer_0.weight_ih_l{layer}", 4 * Size, layer == 0 ? Inputs + Heads * Width : Size, random);
            Weights.Add($"lstm_layer_0.weight_hh_l{layer}", 4 * Size, Size, random);
            Weights.Add($"lstm_layer_0.bias_ih_l{layer}", 1, 4 * Size, random);
            Weights.Add($"lstm_layer_0.bias_hh_l{layer}", 1, 4 * Size, random);
        }
        int parts = s_parts.Sum(part => part.Size);
        Weights.Add("rnn_layer_memory_shared.interface_weights.weight", parts, Size, random, 2);
        Weights.Add("rnn_layer_memory_shared.interface_weights.bias", 1, parts, random);
        Weights.Add("output.weight", Inputs, Size + Heads * Width, random);
        Weights.Add("output.bias", 1, Inputs, random);
    }

    public ForeignWeights Weights { get; } = new();

    /// <summary>Outputs are as many as inputs there.</summary>
    public static NetworkSpec Spec { get; } = new()
    {
        Kind = NetworkKind.Dnc,
        InputSize = Inputs,
        OutputSize = Inputs,
        ControllerSize = Size,
        ControllerLayers = Layers,
        MemorySlots = Slots,
        MemoryWidth = Width,
        NumberOfReadHeads = Heads,
    };

    /// <summary>The weights under our names.</summary>
    public ParameterSet Converted()
    {
        var parameters = new ParameterSet(Spec);
        void Set(string name, IEnumerable<float> values) => values.ToArray().CopyTo(parameters.Slice(name));
        int reads = Heads * Width, below = (Layers - 1) * Size;
        for (int layer = 0; layer < Layers; layer++)
        {
            float[][] rows = Weights.Rows($"lstm_layer_0.weight_ih_l{layer}");
            // Our upper layers see inputs and reads, too: zeros. The reads that theirs sees are those of before the sequence: zeros as
            // well.
            Set($"controller.{layer}.weight_ih", layer == 0
                ? ForeignWeights.Padded(rows.Select(row => row[..Inputs]), 0, reads)
                : ForeignWeights.Padded(rows, Inputs + reads));
            Set($"controller.{layer}.weight_hh", Weights[$"lstm_layer_0.weight_hh_l{layer}"]);
            Set($"controller.{layer}.bias",
                Weights[$"lstm_layer_0.bias_ih_l{layer}"].Zip(Weights[$"lstm_layer_0.bias_hh_l{layer}"], (a, b) => a + b));
        }
        float[][] Ordered(float[][] rows) =>
            [.. rows[..^(3 * Heads)], .. rows[^(3 * Heads)..].Chunk(3).SelectMany(mode => new[] { mode[0], mode[2], mode[1] })];
        Set("interface.weight", ForeignWeights.Padded(Ordered(Weights.Rows("rnn_layer_memory_shared.interface_weights.weight")), below));
        Set("interface.bias", Ordered(Weights.Rows("rnn_layer_memory_shared.interface_weights.bias")).SelectMany(row => row));
        Set("output.weight", ForeignWeights.Padded(Weights.Rows("output.weight"), below));
        Set("output.bias", Weights["output.bias"]);
        return parameters;
    }

    /// <summary>The outputs of every step, after a sigmoid: [T][O].</summary>
    public double[][] Run(double[][] inputs)
    {
        double[][] h = [new double[Size], new double[Size]], c = [new double[Size], new double[Size]];
        var memory = new DncMemoryReference(Slots, Width, Heads);
        var outputs = new List<double[]>();
        foreach (double[] input in inputs)
        {
            for (int layer = 0; layer < Layers; layer++)
                (h[layer], c[layer]) =
                    Lstm(layer, layer == 0 ? [.. input, .. new double[Heads * Width]] : h[layer - 1], h[layer], c[layer]);
            double[] raw = Weights.Affine("rnn_layer_memory_shared.interface_weights.weight",
                "rnn_layer_memory_shared.interface_weights.bias", h[^1]);
            memory.Step(name => Part(raw, name), mode => (mode[0], mode[2], mode[1]));
            outputs.Add([.. Weights.Affine("output.weight", "output.bias", [.. h[^1], .. memory.Reads]).Select(ReferenceMath.Sigmoid)]);
        }
        return [.. outputs];
    }

    private static double[] Part(double[] raw, string name)
    {
        int start = s_parts.TakeWhile(part => part.Name != name).Sum(part => part.Size);
        return raw[start..(start + s_parts.Single(part => part.Name == name).Size)];
    }

    private (double[] H, double[] C) Lstm(int layer, double[] x, double[] h, double[] c)
    {
        double[] own = Weights.Affine($"lstm_layer_0.weight_ih_l{layer}", $"lstm_layer_0.bias_ih_l{layer}", x);
        double[] gates = [.. Weights.Affine($"lstm_layer_0.weight_hh_l{layer}", $"lstm_layer_0.bias_hh_l{layer}", h).Zip(own, (a, b) => a
            + b)];
        double[] cell = [.. c.Select((old, u) => ReferenceMath.Sigmoid(gates[Size + u]) * old
            + ReferenceMath.Sigmoid(gates[u]) * Math.Tanh(gates[2 * Size + u]))];
        return ([.. cell.Select((value, u) => ReferenceMath.Sigmoid(gates[3 * Size + u]) * Math.Tanh(value))], cell);
    }
}
