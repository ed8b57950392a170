using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>A network, parameters and a batch of rows of the same length that answer at each step; all numbers are drawn.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Network">The network.</param>
/// <param name="Steps">Steps of each row.</param>
internal sealed record Workload(string Name, NetworkSpec Network, int Steps)
{
    private static readonly NetworkSpec s_copy = new() { InputSize = 9, OutputSize = 8, MemorySlots = 128, MemoryWidth = 20 };
    private static readonly NetworkSpec s_dnc = s_copy with { Kind = NetworkKind.Dnc, NumberOfReadHeads = 4 };

    /// <summary>What is compared where nothing is named.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["ntm", "dnc", "lstm100", "lstm512"];

    /// <summary>The loss: bits for networks with a memory, numbers for others.</summary>
    public SequenceSpec Sequence =>
        new() { Loss = Network.HasMemory ? SequenceLoss.BinaryCrossEntropy : SequenceLoss.SquaredError };

    /// <summary>
    /// ntm, ntm-feedforward: the size of the copy task, 41 steps; dnc: 20 steps; dnc256: the size that answered bAbI, 100 steps; lstmH and
    /// bilstmH with H units: 20 steps.
    /// </summary>
    public static Workload Named(string name) => name switch
    {
        "ntm" => new("NTM 128 x 20", s_copy, 41),
        "ntm-feedforward" => new("NTM 128 x 20, feed-forward", s_copy with { Controller = ControllerKind.FeedForward }, 41),
        "dnc" => new("DNC 128 x 20", s_dnc, 20),
        "dnc256" => new("DNC 256 x 64", s_dnc with
        {
            InputSize = 160,
            OutputSize = 160,
            ControllerSize = 256,
            MemorySlots = 256,
            MemoryWidth = 64,
        }, 100),
        _ when name.StartsWith("bilstm", StringComparison.Ordinal) => Lstm("bidirectional LSTM", name[6..], bothWays: true),
        _ when name.StartsWith("lstm", StringComparison.Ordinal) => Lstm("LSTM", name[4..], bothWays: false),
        _ => throw new ArgumentException($"Expected ntm, ntm-feedforward, dnc, dnc256, lstmH or bilstmH, got {name}.", nameof(name)),
    };

    /// <summary>Rows with inputs and targets of 0 or 1.</summary>
    public SequenceBatch Batch(int rows)
    {
        var random = new Random(1);
        var batch = new SequenceBatch(Network.InputSize, Network.OutputSize);
        batch.Reset(rows, Steps);
        Array.Fill(batch.Lengths, Steps, 0, rows);
        foreach (ref float value in batch.Inputs.AsSpan(0, Steps * rows * Network.InputSize))
            value = random.Next(2);
        foreach (ref float value in batch.Targets.AsSpan(0, Steps * rows * Network.OutputSize))
            value = random.Next(2);
        return batch;
    }

    /// <summary>Uniform around 0, like a network that has just been initialised.</summary>
    public float[] Parameters()
    {
        var random = new Random(2);
        float largest = Network.HasMemory ? 0.1f : 0.05f;
        return [.. Enumerable.Range(0, new ParameterLayout(Network).Length).Select(_ => (random.NextSingle() * 2 - 1) * largest)];
    }

    /// <summary>Additions and multiplications of a row's forward pass, or of its gradient.</summary>
    public double Operations(bool training)
    {
        double size = Network.ControllerSize, reads = Network.ReadSize, seen = Network.HiddenSize + reads;
        bool lstm = Network.Controller == ControllerKind.Lstm;
        double gates = (lstm ? 4 : 1) * size * Network.Directions, heads = Network.HasMemory
            ? Network.Kind == NetworkKind.Ntm ? Network.HeadsSize : Network.InterfaceSize : 0;
        double waited = gates * (reads + (lstm ? size : 0)) + size * heads + seen * Network.OutputSize;
        double products = (training ? 6 : 2) * waited + (training ? 4 : 2) * gates * Network.InputSize;
        return Steps * (products + MemoryOperations(training));
    }

    // Per read, dot and write 2 forward and 4 backward; links 4 + 4 R forward, 11 + 8 R backward and 4 replayed per pair of slots.
    private double MemoryOperations(bool training)
    {
        double slots = Network.MemorySlots, numbers = slots * Network.MemoryWidth, reads = Network.NumberOfReadHeads;
        return Network.Kind switch
        {
            NetworkKind.Ntm => (training ? 38 : 12) * numbers,
            NetworkKind.Dnc when training => numbers * (12 * reads + 44) + slots * slots * (19 + 12 * reads),
            NetworkKind.Dnc => numbers * (4 * reads + 14) + slots * slots * (4 + 4 * reads),
            _ => 0,
        };
    }

    private static Workload Lstm(string what, string units, bool bothWays) => new($"{what} {units}", new NetworkSpec
    {
        Kind = NetworkKind.Lstm,
        InputSize = 32,
        OutputSize = 8,
        ControllerSize = int.Parse(units),
        Bidirectional = bothWays,
    }, 20);
}
