using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>Wide LSTMs, one layer and a linear output, next to libtorch's own LSTM: loss and gradient, and scores.</summary>
internal static class LstmSpeed
{
    private const int Inputs = 32, Outputs = 8, Rounds = 5;

    /// <summary>One size; libtorch's threads are set for the whole process, so each number of threads has a run of its own.</summary>
    public static void Run(int size, int rows, int steps, int threads, bool bothWays)
    {
        TorchBackend.Require();
        set_num_threads(threads);
        var spec = new NetworkSpec { Kind = NetworkKind.Lstm, InputSize = Inputs, OutputSize = Outputs, ControllerSize = size };
        spec = spec with { Bidirectional = bothWays };
        var sequence = new SequenceSpec { Loss = SequenceLoss.SquaredError };
        SequenceBatch batch = Batch(steps, rows);
        float[] parameters = new float[new ParameterLayout(spec).Length], gradient = new float[parameters.Length];
        var random = new Random(1);
        foreach (ref float value in parameters.AsSpan())
            value = (random.NextSingle() * 2 - 1) * 0.05f;
        var logits = new float[steps * rows * Outputs];
        using IEngine engine = new ManagedEngine(spec, sequence, threads);
        engine.Load(parameters);

        using DisposeScope scope = NewDisposeScope();
        TorchSharp.Modules.LSTM lstm = nn.LSTM(Inputs, size, bidirectional: bothWays);
        TorchSharp.Modules.Linear output = nn.Linear(size * spec.Directions, Outputs);
        Tensor inputs = tensor(batch.Inputs.AsSpan(0, steps * rows * Inputs).ToArray()).view(steps, rows, Inputs);
        Tensor targets = tensor(batch.Targets.AsSpan(0, steps * rows * Outputs).ToArray()).view(steps, rows, Outputs);

        Timing[] times = Stopwatches.Compare(
        [
            () => engine.Train(batch, parameters, gradient), () => TorchTrain(lstm, output, inputs, targets),
            () => engine.Score(batch, logits), () => TorchScore(lstm, output, inputs),
        ], Rounds);
        double operations = 2.0 * spec.Directions * steps * rows * (4.0 * size * (size + Inputs) + size * Outputs);
        Console.WriteLine((bothWays ? "bidirectional " : "")
            + $"LSTM {size}, batch {rows}, {steps} steps, {threads} threads ({SizeOf(parameters.Length)} of weights)");
        Report("train", 3 * operations, times[0], times[1]);
        Report("score", operations, times[2], times[3]);
    }

    private static void Report(string what, double operations, Timing ours, Timing torch) => Console.WriteLine(
        $"  {what} {ours} {operations / ours.Median / 1e6,6:F0} GFLOP/s   libtorch {torch}  {torch.Median / ours.Median:F2}x");

    private static string SizeOf(int numbers) => $"{numbers * 4.0 / (1 << 20):F1} MiB";

    private static void TorchTrain(TorchSharp.Modules.LSTM lstm, TorchSharp.Modules.Linear output, Tensor inputs, Tensor targets)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor hidden, _, _) = lstm.forward(inputs);
        Tensor loss = (output.forward(hidden) - targets).square().sum();
        loss.backward();
        lstm.zero_grad();
        output.zero_grad();
    }

    private static void TorchScore(TorchSharp.Modules.LSTM lstm, TorchSharp.Modules.Linear output, Tensor inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        (Tensor hidden, _, _) = lstm.forward(inputs);
        output.forward(hidden);
    }

    private static SequenceBatch Batch(int steps, int rows)
    {
        var random = new Random(1);
        var batch = new SequenceBatch(Inputs, Outputs);
        batch.Reset(rows, steps);
        Array.Fill(batch.Lengths, steps, 0, rows);
        foreach (ref float value in batch.Inputs.AsSpan(0, steps * rows * Inputs))
            value = random.NextSingle();
        foreach (ref float value in batch.Targets.AsSpan(0, steps * rows * Outputs))
            value = random.NextSingle();
        return batch;
    }
}
