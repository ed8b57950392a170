using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// Training and scoring of a DNC: a small one on 20 steps and one of the size that answered bAbI (Nature 538:471) on 100.
/// </summary>
internal static class DncSpeed
{
    private static readonly NetworkSpec s_small = new()
    {
        Kind = NetworkKind.Dnc,
        InputSize = 9,
        OutputSize = 8,
        ControllerSize = 100,
        MemorySlots = 128,
        MemoryWidth = 20,
        NumberOfReadHeads = 4,
    };

    private static readonly NetworkSpec s_stories = s_small with
    {
        InputSize = 160,
        OutputSize = 160,
        ControllerSize = 256,
        MemorySlots = 256,
        MemoryWidth = 64,
    };

    /// <summary>All sizes, next to the products' ceiling and the Torch engine.</summary>
    public static void Run(bool torch)
    {
        foreach (int rows in new[] { 1, 16, 32 })
            Run("DNC 128 x 20, R 4, LSTM 100", s_small, 20, rows, torch);
        foreach (int rows in new[] { 1, 16 })
            Run("DNC 256 x 64, R 4, LSTM 256", s_stories, 100, rows, torch);
    }

    private static void Run(string name, NetworkSpec spec, int steps, int rows, bool torch)
    {
        var sequence = new SequenceSpec { Loss = SequenceLoss.BinaryCrossEntropy };
        SequenceBatch batch = Batch(spec, steps, rows);
        float[] parameters = Parameters(spec), gradient = new float[parameters.Length];
        var logits = new float[steps * rows * spec.OutputSize];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using IEngine one = new ManagedEngine(spec, sequence, threads: 1), two = new ManagedEngine(spec, sequence, threads: 2);
        one.Train(batch, parameters, gradient);
        two.Load(parameters);
        long held = GC.GetAllocatedBytesForCurrentThread() - before;
        Timing[] times = Stopwatches.Compare(
        [
            () => one.Train(batch, parameters, gradient), () => two.Train(batch, parameters, gradient),
            () => one.Score(batch, logits), () => two.Score(batch, logits), GemmCeiling.Product(),
        ], rounds: 9);
        double operations = Operations(spec, steps, rows), ceiling = GemmCeiling.Operations / times[4].Median,
            best = GemmCeiling.Operations / times[4].Least;
        Console.WriteLine(
            $"{name}, length {steps}, batch {rows}: {operations / 1e6:F1} MFLOP, {Traffic(spec, steps, rows) / 1e6:F1} MB of memory and "
                + $"links passed over, {Weights(spec, steps, rows) / 1e6:F1} MB of weights");
        Console.WriteLine(
            $"  floor {operations / ceiling:F3} ms at {ceiling / 1e6:F0} GFLOP/s; gap {times[0].Median * ceiling / operations:F1}, least "
                + $"{times[0].Least * best / operations:F1}; holds {held / 1e6:F1} MB, {held / 1e3 / steps / rows:F0} KB per row and step");
        Console.WriteLine(
            $"  train, 1 thread   {times[0]}, {ProcessorTime(() => one.Train(batch, parameters, gradient)):F3} ms of processor time");
        Console.WriteLine(
            $"  train, 2 threads  {times[1]}  {times[0].Median / times[1].Median:F2}x, "
                + $"{ProcessorTime(() => two.Train(batch, parameters, gradient)):F3} ms of processor time");
        Console.WriteLine($"  score, 1 thread   {times[2]}");
        Console.WriteLine($"  score, 2 threads  {times[3]}  {times[2].Median / times[3].Median:F2}x");
        if (!torch)
            return;
        TorchBackend.Require();
        using IEngine other = new TorchEngine(spec, sequence, TorchSharp.torch.CPU);
        Timing[] others = Stopwatches.Compare([() => other.Train(batch, parameters, gradient)], rounds: 3);
        Console.WriteLine($"  Torch train       {others[0]}  {others[0].Median / times[1].Median:F0}x slower than 2 threads");
    }

    // What a call takes of a core that others use as well.
    private static double ProcessorTime(Action call)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        int calls = 0;
        for (; clock.ElapsedMilliseconds < 500; calls++)
            call();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / calls;
    }

    // Products of controller, interface and output as in the copy task; memory 2 (forward) and 4 (backward) per read, dot and write; links
    // 4 + 4 R forward and 11 + 8 R backward and 4 replayed per pair of slots.
    private static double Operations(NetworkSpec spec, int steps, int rows)
    {
        double gates = 4 * spec.ControllerSize, size = spec.ControllerSize, reads = spec.ReadSize, heads = spec.NumberOfReadHeads;
        double products = 6 * (gates * (reads + size) + size * spec.InterfaceSize) + 4 * gates * spec.InputSize
            + 6 * (size + reads) * spec.OutputSize;
        double memory = (double)spec.MemorySlots * spec.MemoryWidth * (12 * heads + 6 + 38);
        double links = (double)spec.MemorySlots * spec.MemorySlots * (19 + 12 * heads);
        return rows * steps * (products + memory + links);
    }

    // Links: read and written forward and when replayed, read backward, their derivatives read and written; memory twice as often.
    private static double Traffic(NetworkSpec spec, int steps, int rows) =>
        4.0 * rows * steps * spec.MemorySlots * (7.0 * spec.MemorySlots + 14.0 * spec.MemoryWidth);

    // The products that wait for the step before, forward and back; groups of 8 rows share them.
    private static double Weights(NetworkSpec spec, int steps, int rows)
    {
        double size = spec.ControllerSize, read = 4 * size * (spec.ReadSize + size) + size * spec.InterfaceSize;
        return 8.0 * steps * Math.Ceiling(rows / 8.0) * read;
    }

    private static SequenceBatch Batch(NetworkSpec spec, int steps, int rows)
    {
        var random = new Random(1);
        var batch = new SequenceBatch(spec.InputSize, spec.OutputSize);
        batch.Reset(rows, steps);
        Array.Fill(batch.Lengths, steps, 0, rows);
        foreach (ref float value in batch.Inputs.AsSpan(0, steps * rows * spec.InputSize))
            value = random.Next(2);
        foreach (ref float value in batch.Targets.AsSpan(0, steps * rows * spec.OutputSize))
            value = random.Next(2);
        return batch;
    }

    // Uniform in +-0.1, like a network that has just been initialised.
    private static float[] Parameters(NetworkSpec spec)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, new ParameterLayout(spec).Length).Select(_ => (random.NextSingle() * 2 - 1) * 0.1f)];
    }
}
