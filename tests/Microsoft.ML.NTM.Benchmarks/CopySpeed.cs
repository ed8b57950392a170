using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// The copy task of arXiv:1410.5401, section 4.1, at length 20: 8 bits, 41 steps, memory 128 x 20, controller of 100, 1 + 1 heads.
/// </summary>
internal static class CopySpeed
{
    private const int Bits = 8, Length = 20;

    public static void Run(ControllerKind controller, int rows, bool torch)
    {
        var spec = new NetworkSpec
        {
            InputSize = Bits + 1,
            OutputSize = Bits,
            Controller = controller,
            MemorySlots = 128,
            MemoryWidth = 20,
        };
        var sequence = new SequenceSpec
        {
            Loss = SequenceLoss.BinaryCrossEntropy,
            Alignment = SequenceAlignment.AfterInput,
            FeatureSize = Bits,
        };
        SequenceBatch batch = Batch(spec, rows);
        float[] parameters = Parameters(spec), gradient = new float[parameters.Length];
        var logits = new float[batch.Steps * rows * Bits];
        using IEngine one = new ManagedEngine(spec, sequence, threads: 1), two = new ManagedEngine(spec, sequence, threads: 2);
        one.Load(parameters);
        two.Load(parameters);
        List<Action> variants =
        [
            () => one.Train(batch, parameters, gradient), () => two.Train(batch, parameters, gradient),
            () => one.Score(batch, logits), () => two.Score(batch, logits), GemmCeiling.Product(),
        ];
        Timing[] times = Stopwatches.Compare([.. variants]);
        double ceiling = GemmCeiling.Operations / times[4].Median, best = GemmCeiling.Operations / times[4].Least;
        double operations = Operations(spec, rows), rate = operations / times[0].Median / ceiling;
        Console.WriteLine(
            $"NTM copy, {controller} 100, batch {rows}: {operations / 1e6:F1} MFLOP, floor {operations / ceiling:F3} ms at "
                + $"{ceiling / 1e6:F0} GFLOP/s");
        Console.WriteLine($"  train, 1 thread   {times[0]}  {rate:P0} of the ceiling, least {operations / times[0].Least / best:P0}");
        Console.WriteLine($"  train, 2 threads  {times[1]}  {times[0].Median / times[1].Median:F2}x");
        Console.WriteLine($"  score, 1 thread   {times[2]}");
        Console.WriteLine($"  score, 2 threads  {times[3]}  {times[2].Median / times[3].Median:F2}x");
        if (!torch)
            return;
        TorchBackend.Require();
        using IEngine other = new TorchEngine(spec, sequence, TorchSharp.torch.CPU);
        other.Load(parameters);
        Timing[] others = Stopwatches.Compare([() => other.Train(batch, parameters, gradient), () => other.Score(batch, logits)],
            rounds: 5);
        Console.WriteLine($"  Torch train       {others[0]}  {others[0].Median / times[1].Median:F0}x slower than 2 threads");
        Console.WriteLine($"  Torch score       {others[1]}");
    }

    // B*[T*(6(G(R*M+H) + H*P) + 2*G*D*2 + 38*N*M) + 6*(T-T0)*(H+R*M)*O], with G the controller's raw numbers
    private static double Operations(NetworkSpec spec, int rows)
    {
        bool lstm = spec.Controller == ControllerKind.Lstm;
        double gates = lstm ? 4 * spec.ControllerSize : spec.ControllerSize, size = spec.ControllerSize, reads = spec.ReadSize;
        double recurrent = gates * (reads + (lstm ? size : 0)), steps = 2 * Length + 1;
        double perStep = 6 * (recurrent + size * spec.HeadsSize) + 4 * gates * spec.InputSize + 38.0 * spec.MemorySlots * spec.MemoryWidth;
        return rows * (steps * perStep + 6 * Length * (size + reads) * spec.OutputSize);
    }

    private static SequenceBatch Batch(NetworkSpec spec, int rows)
    {
        var random = new Random(1);
        var batch = new SequenceBatch(spec.InputSize, Bits);
        batch.Reset(rows, 2 * Length + 1);
        for (int row = 0; row < rows; row++)
        {
            (batch.Lengths[row], batch.OutputStarts[row]) = (2 * Length + 1, Length + 1);
            batch.Input(Length, row)[Bits] = 1;
            for (int step = 0; step < Length; step++)
            {
                for (int bit = 0; bit < Bits; bit++)
                    batch.Target(Length + 1 + step, row)[bit] = batch.Input(step, row)[bit] = random.Next(2);
            }
        }
        return batch;
    }

    // Uniform in +-0.1, like a network that has just been initialised.
    private static float[] Parameters(NetworkSpec spec)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, new ParameterLayout(spec).Length).Select(_ => (random.NextSingle() * 2 - 1) * 0.1f)];
    }
}
