using System.Diagnostics;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What a new process pays: its first scored sequence, the nine after it, and the steady state. One network per process.</summary>
internal static class FirstCalls
{
    private const int Steps = 20, Early = 10;
    private const double SteadySeconds = 1.5;

    /// <summary>Scores sequences of 20 steps on a fresh engine with one thread.</summary>
    public static void Run(string name)
    {
        Workload workload = Workload.Named(name) with { Steps = Steps };
        SequenceBatch batch = workload.Batch(rows: 1);
        float[] parameters = workload.Parameters(), logits = new float[Steps * workload.Network.OutputSize];

        double sinceStart = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        long start = Stopwatch.GetTimestamp();
        using var engine = new ManagedEngine(workload.Network, workload.Sequence, threads: 1);
        engine.Load(parameters);
        double[] times = new double[Early];
        for (int call = 0; call < Early; call++)
        {
            engine.Score(batch, logits);
            times[call] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
        }
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < SteadySeconds)
            engine.Score(batch, logits);
        var steady = new List<double>();
        for (int call = 0; call < 200; call++)
        {
            start = Stopwatch.GetTimestamp();
            engine.Score(batch, logits);
            steady.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        steady.Sort();
        double[] later = [.. times[1..].Order()];
        Console.WriteLine(
            $"{workload.Name}: {sinceStart:F0} ms to here, first call {times[0]:F1} ms with loading, calls 2-10 {later[Early / 2]:F3} ms "
            + $"({later[0]:F3}-{later[^1]:F3}), steady {steady[100]:F3} ms: {later[Early / 2] / steady[100]:F1}x");
    }
}
