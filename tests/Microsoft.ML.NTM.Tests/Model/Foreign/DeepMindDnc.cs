using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>
/// A DNC as deepmind/dnc keeps it (Sonnet's LSTM and Linear, matrices [inputs, outputs]), run with the paper's equations: there strengths
/// are softplus instead of oneplus, and norms have an epsilon of their own. What is shown is that every number finds its place.
/// </summary>
internal sealed class DeepMindDnc
{
    private const int Slots = 6, Width = 3, Heads = 2, Size = 4, Inputs = 3, Outputs = 2;

    // Names and outputs of the linear layers, in the order of our interface vector.
    private static readonly (string Name, int Size)[] s_parts =
    [
        ("read_keys", Heads * Width), ("read_strengths", Heads), ("write_keys", Width), ("write_strengths", 1), ("erase_vectors", Width),
        ("write_vectors", Width), ("free_gate", Heads), ("allocation_gate", 1), ("write_gate", 1), ("read_mode", 3 * Heads),
    ];

    public DeepMindDnc(int seed)
    {
        var random = new Random(seed);
        Weights.Add("dnc/lstm/w_gates", Inputs + Heads * Width + Size, 4 * Size, random);
        Weights.Add("dnc/lstm/b_gates", 1, 4 * Size, random);
        foreach ((string name, int size) in s_parts)
        {
            Weights.Add($"dnc/memory_access/{name}/w", Size, size, random, 2);
            Weights.Add($"dnc/memory_access/{name}/b", 1, size, random);
        }
        Weights.Add("dnc/output_linear/w", Size + Heads * Width, Outputs, random);
        Weights.Add("dnc/output_linear/b", 1, Outputs, random);
    }

    public ForeignWeights Weights { get; } = new();

    public static NetworkSpec Spec { get; } = new()
    {
        Kind = NetworkKind.Dnc,
        InputSize = Inputs,
        OutputSize = Outputs,
        ControllerSize = Size,
        MemorySlots = Slots,
        MemoryWidth = Width,
        NumberOfReadHeads = Heads,
    };

    /// <summary>The weights under our names.</summary>
    public ParameterSet Converted()
    {
        var parameters = new ParameterSet(Spec);
        void Set(string name, IEnumerable<float> values) => values.ToArray().CopyTo(parameters.Slice(name));
        // Gates stand as i, g, f, o, and the forget gate has 1 added.
        float[][] gates = Reordered(Turned("dnc/lstm/w_gates"));
        Set("controller.0.weight_ih", gates.SelectMany(row => row[..^Size]));
        Set("controller.0.weight_hh", gates.SelectMany(row => row[^Size..]));
        Set("controller.0.bias", Reordered(Weights.Rows("dnc/lstm/b_gates")).Select((row, i) => row[0] + (i / Size == 1 ? 1 : 0)));
        // Modes stand as backward, forward, content.
        IEnumerable<float[]> Interface(Func<string, float[][]> rows) =>
            s_parts.SelectMany(part => part.Name == "read_mode"
                ? rows(part.Name).Chunk(3).SelectMany(mode => new[] { mode[0], mode[2], mode[1] }) : rows(part.Name));
        Set("interface.weight", Interface(name => Turned($"dnc/memory_access/{name}/w")).SelectMany(row => row));
        Set("interface.bias", Interface(name => Weights.Rows($"dnc/memory_access/{name}/b")).SelectMany(row => row));
        Set("output.weight", Turned("dnc/output_linear/w").SelectMany(row => row));
        Set("output.bias", Weights["dnc/output_linear/b"]);
        return parameters;
    }

    /// <summary>The outputs of every step, after a sigmoid: [T][O].</summary>
    public double[][] Run(double[][] inputs)
    {
        double[] h = new double[Size], c = new double[Size];
        var memory = new DncMemoryReference(Slots, Width, Heads);
        var outputs = new List<double[]>();
        foreach (double[] input in inputs)
        {
            double[] gates = Linear("dnc/lstm/w_gates", "dnc/lstm/b_gates", [.. input, .. memory.Reads, .. h]);
            c = [.. c.Select((old, u) => ReferenceMath.Sigmoid(gates[2 * Size + u] + 1) * old
                + ReferenceMath.Sigmoid(gates[u]) * Math.Tanh(gates[Size + u]))];
            h = [.. c.Select((value, u) => ReferenceMath.Sigmoid(gates[3 * Size + u]) * Math.Tanh(value))];
            memory.Step(name => Linear($"dnc/memory_access/{name}/w", $"dnc/memory_access/{name}/b", h), mode =>
                (mode[0], mode[2], mode[1]));
            outputs.Add([.. Linear("dnc/output_linear/w", "dnc/output_linear/b", [.. h, .. memory.Reads]).Select(ReferenceMath.Sigmoid)]);
        }
        return [.. outputs];
    }

    // x W + b.
    private double[] Linear(string weight, string bias, double[] x) =>
        [.. Turned(weight).Zip(Weights[bias], (row, b) => row.Zip(x, (w, value) => w * value).Sum() + b)];

    // [inputs, outputs] as [outputs][inputs].
    private float[][] Turned(string name)
    {
        float[][] rows = Weights.Rows(name);
        return [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray())];
    }

    private static float[][] Reordered(float[][] gates) =>
        [.. gates[..Size], .. gates[(2 * Size)..(3 * Size)], .. gates[Size..(2 * Size)], .. gates[(3 * Size)..]];
}
