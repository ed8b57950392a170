using System.Diagnostics;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>One kind of work over and over, for a profiler; and what a call takes, of the clock and of the processor.</summary>
internal static class Loop
{
    public static void Run(string name, int rows, int threads, bool training, double seconds)
    {
        var workload = Workload.Named(name);
        SequenceBatch batch = workload.Batch(rows);
        using var trainee = new Trainee(new ManagedEngine(workload.Network, workload.Sequence, threads), workload.Network,
            workload.Parameters());
        var times = new List<double>();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds;)
        {
            long call = Stopwatch.GetTimestamp();
            if (training)
                trainee.Update(batch);
            else
                trainee.Score(batch);
            times.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
        }
        double processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Count;
        Console.WriteLine($"{workload.Name}, batch {rows}, {threads} threads: {Timing.Of(times)}, {processor:F3} ms of processors");
    }
}
