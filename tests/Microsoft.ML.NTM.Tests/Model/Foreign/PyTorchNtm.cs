using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>
/// An NTM as pytorch-ntm (loudinthecloud) keeps and runs it: LSTM layers with two biases, of which the heads see the last; one read head,
/// one write head; shifts that correlate; an epsilon after the power.
/// </summary>
internal sealed class PyTorchNtm
{
    private const int Slots = 7, Width = 4, Size = 5, Layers = 2, Inputs = 3, Outputs = 2;

    public PyTorchNtm(int seed)
    {
        var random = new Random(seed);
        for (int layer = 0; layer < Layers; layer++)
        {
            Weights.Add($"ntm.controller.lstm.weight_ih_l{layer}", 4 * Size, layer == 0 ? Inputs + Width : Size, random);
            Weights.Add($"ntm.controller.lstm.weight_hh_l{layer}", 4 * Size, Size, random);
            Weights.Add($"ntm.controller.lstm.bias_ih_l{layer}", 1, 4 * Size, random);
            Weights.Add($"ntm.controller.lstm.bias_hh_l{layer}", 1, 4 * Size, random);
        }
        Weights.Add("ntm.controller.lstm_h_bias", Layers, Size, random);
        Weights.Add("ntm.controller.lstm_c_bias", Layers, Size, random);
        Weights.Add("ntm.heads.0.fc_read.weight", Width + 6, Size, random, 2);
        Weights.Add("ntm.heads.0.fc_read.bias", 1, Width + 6, random, 2);
        Weights.Add("ntm.heads.1.fc_write.weight", 3 * Width + 6, Size, random, 2);
        Weights.Add("ntm.heads.1.fc_write.bias", 1, 3 * Width + 6, random, 2);
        Weights.Add("ntm.read0_bias", 1, Width, random);
        Weights.Add("ntm.memory.mem_bias", Slots, Width, random);
        Weights.Add("ntm.fc.weight", Outputs, Size + Width, random);
        Weights.Add("ntm.fc.bias", 1, Outputs, random);
    }

    public ForeignWeights Weights { get; } = new();

    /// <summary>The same network in our terms.</summary>
    public static NetworkSpec Spec { get; } = new()
    {
        InputSize = Inputs,
        OutputSize = Outputs,
        ControllerSize = Size,
        ControllerLayers = Layers,
        MemorySlots = Slots,
        MemoryWidth = Width,
        InitialMemory = InitialMemory.Random,
        InitialWeightings = InitialWeightings.Zero,
        SharpeningEpsilon = 1e-16f,
        SharpeningEpsilonPlace = SharpeningEpsilonPlace.AfterPower,
    };

    /// <summary>The weights under our names.</summary>
    public ParameterSet Converted()
    {
        var parameters = new ParameterSet(Spec);
        void Set(string name, IEnumerable<float> values) => values.ToArray().CopyTo(parameters.Slice(name));
        for (int layer = 0; layer < Layers; layer++)
        {
            Set($"controller.{layer}.weight_ih", Weights[$"ntm.controller.lstm.weight_ih_l{layer}"]);
            Set($"controller.{layer}.weight_hh", Weights[$"ntm.controller.lstm.weight_hh_l{layer}"]);
            Set($"controller.{layer}.bias", Weights[$"ntm.controller.lstm.bias_ih_l{layer}"]
                .Zip(Weights[$"ntm.controller.lstm.bias_hh_l{layer}"], (a, b) => a + b));
            Set($"initial.hidden.{layer}", Weights.Rows("ntm.controller.lstm_h_bias")[layer]);
            Set($"initial.cell.{layer}", Weights.Rows("ntm.controller.lstm_c_bias")[layer]);
        }
        // The heads see the last layer only, and their three shifts stand the other way round.
        int below = (Layers - 1) * Size;
        float[][] Turned(string name) => Weights.Rows(name) is var rows
            ? [.. rows[..(Width + 2)], rows[Width + 4], rows[Width + 3], rows[Width + 2], .. rows[(Width + 5)..]] : [];
        Set("heads.weight", ForeignWeights.Padded([.. Turned("ntm.heads.0.fc_read.weight"), .. Turned("ntm.heads.1.fc_write.weight")],
            below));
        float[][] biases = [.. Turned("ntm.heads.0.fc_read.bias"), .. Turned("ntm.heads.1.fc_write.bias")];
        Set("heads.bias", biases.SelectMany(bias => bias));
        Set("output.weight", ForeignWeights.Padded(Weights.Rows("ntm.fc.weight"), below));
        Set("output.bias", Weights["ntm.fc.bias"]);
        Set("initial.reads", Weights["ntm.read0_bias"].Select(MathF.Atanh));
        Set("initial.memory", Weights["ntm.memory.mem_bias"]);
        return parameters;
    }

    /// <summary>The outputs of every step, after the sigmoid: [T][O].</summary>
    public double[][] Run(double[][] inputs)
    {
        double[] reads = Double(Weights["ntm.read0_bias"]), readWeights = new double[Slots], writeWeights = new double[Slots];
        double[][] memory = [.. Weights.Rows("ntm.memory.mem_bias").Select(Double)];
        double[][] h = [.. Weights.Rows("ntm.controller.lstm_h_bias").Select(Double)],
            c = [.. Weights.Rows("ntm.controller.lstm_c_bias").Select(Double)];
        var outputs = new List<double[]>();
        foreach (double[] input in inputs)
        {
            for (int layer = 0; layer < Layers; layer++)
                (h[layer], c[layer]) = Lstm(layer, layer == 0 ? [.. input, .. reads] : h[layer - 1], h[layer], c[layer]);
            double[] read = Weights.Affine("ntm.heads.0.fc_read.weight", "ntm.heads.0.fc_read.bias", h[^1]);
            double[] write = Weights.Affine("ntm.heads.1.fc_write.weight", "ntm.heads.1.fc_write.bias", h[^1]);
            readWeights = Address(memory, read, readWeights);
            reads = [.. Enumerable.Range(0, Width).Select(m => Enumerable.Range(0, Slots).Sum(i => readWeights[i] * memory[i][m]))];
            writeWeights = Address(memory, write, writeWeights);
            double[] erase = [.. write[(Width + 6)..(2 * Width + 6)].Select(ReferenceMath.Sigmoid)], add = write[(2 * Width + 6)..];
            memory = [.. memory.Select((slot, i) =>
                slot.Select((x, m) => x * (1 - writeWeights[i] * erase[m]) + writeWeights[i] * add[m]).ToArray())];
            outputs.Add([.. Weights.Affine("ntm.fc.weight", "ntm.fc.bias", [.. h[^1], .. reads]).Select(ReferenceMath.Sigmoid)]);
        }
        return [.. outputs];
    }

    private (double[] H, double[] C) Lstm(int layer, double[] x, double[] h, double[] c)
    {
        string name = "ntm.controller.lstm.";
        double[] own = Weights.Affine($"{name}weight_ih_l{layer}", $"{name}bias_ih_l{layer}", x);
        double[] gates = [.. Weights.Affine($"{name}weight_hh_l{layer}", $"{name}bias_hh_l{layer}", h).Zip(own, (a, b) => a + b)];
        double[] cell = [.. c.Select((old, u) => ReferenceMath.Sigmoid(gates[Size + u]) * old
            + ReferenceMath.Sigmoid(gates[u]) * Math.Tanh(gates[2 * Size + u]))];
        return ([.. cell.Select((value, u) => ReferenceMath.Sigmoid(gates[3 * Size + u]) * Math.Tanh(value))], cell);
    }

    private static double[] Address(double[][] memory, double[] raw, double[] previous)
    {
        double[] key = raw[..Width], shift = ReferenceMath.Softmax(raw[(Width + 2)..(Width + 5)]);
        double strength = ReferenceMath.Softplus(raw[Width]), gate = ReferenceMath.Sigmoid(raw[Width + 1]);
        double gamma = 1 + ReferenceMath.Softplus(raw[Width + 5]);
        double[] content = ReferenceMath.Softmax([.. memory.Select(slot => strength * Cosine(slot, key))]);
        double[] gated = [.. content.Zip(previous, (now, before) => gate * now + (1 - gate) * before)];
        // A correlation: shift[0] meets the slot before.
        double[] shifted = [.. gated.Select((_, i) =>
            shift[0] * gated[(i + Slots - 1) % Slots] + shift[1] * gated[i] + shift[2] * gated[(i + 1) % Slots])];
        double[] powers = [.. shifted.Select(weight => Math.Pow(weight, gamma))];
        return [.. powers.Select(power => power / (powers.Sum() + 1e-16))];
    }

    private static double Cosine(double[] u, double[] v) =>
        ReferenceMath.Dot(u, v) / Math.Max(Math.Sqrt(ReferenceMath.Dot(u, u)) * Math.Sqrt(ReferenceMath.Dot(v, v)), 1e-8);

    private static double[] Double(float[] values) => Array.ConvertAll(values, value => (double)value);
}
