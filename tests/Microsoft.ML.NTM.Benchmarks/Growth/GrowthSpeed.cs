using System.Diagnostics;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Benchmarks.Growth;

/// <summary>Time and memory of the managed engine against each size of a network and its batch, the others left alone.</summary>
internal static class GrowthSpeed
{
    /// <summary>What is changed, and its values; T steps, N slots, H units, B rows.</summary>
    public static readonly IReadOnlyList<(string Size, int[] Values)> Sizes =
    [
        ("T", [20, 60, 200, 600, 2_000, 6_000, 20_000]), ("N", [64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192]),
        ("H", [64, 128, 256, 512, 1_024]), ("B", [1, 2, 4, 8, 16, 32, 64, 128, 256]),
    ];

    /// <summary>Networks by the names of <see cref="Workload.Named"/>.</summary>
    public static readonly IReadOnlyList<string> Networks = ["ntm", "dnc", "lstm100"];

    private const int Steps = 20;
    private const long MostBytes = 4L << 30;

    // A point is over after so long and so many calls, or after one call that takes long.
    private const double Seconds = 0.5, MostSeconds = 4;
    private const int Calls = 5;

    /// <summary>Measures for so long what the file does not have yet; gives whether nothing is left.</summary>
    public static bool Run(string path, double seconds)
    {
        var known = GrowthPoint.Read(path).Select(point => (point.Network, point.Size, point.Value, point.Threads)).ToHashSet();
        long start = Stopwatch.GetTimestamp();
        foreach (string network in Networks)
        {
            foreach ((string size, int[] values) in Sizes.Where(sizes => Has(network, sizes.Size)))
            {
                foreach (int value in values)
                {
                    foreach (int threads in new[] { 1, 2 })
                    {
                        if (known.Contains((network, size, value, threads)))
                            continue;
                        if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
                            return false;
                        if (Measure(network, size, value, threads) is { } point)
                        {
                            point.AddTo(path);
                            Console.WriteLine(point);
                        }
                    }
                }
            }
        }
        return true;
    }

    /// <summary>A network with one of its sizes changed, and its rows.</summary>
    public static (Workload Workload, int Rows) Of(string network, string size, int value)
    {
        Workload start = Workload.Named(network) with { Steps = Steps };
        return size switch
        {
            "T" => (start with { Steps = value }, 1),
            "N" => (start with { Network = start.Network with { MemorySlots = value } }, 1),
            "H" => (start with { Network = start.Network with { ControllerSize = value } }, 1),
            _ => (start, value),
        };
    }

    /// <summary>An LSTM has no slots.</summary>
    public static bool Has(string network, string size) => size != "N" || Workload.Named(network).Network.HasMemory;

    // Null where it would hold too much.
    private static GrowthPoint? Measure(string network, string size, int value, int threads)
    {
        (Workload workload, int rows) = Of(network, size, value);
        SequenceBatch batch = workload.Batch(rows);
        long needed = new ManagedMemoryNeed(workload.Network, threads).OfTraining(batch.Lengths.AsSpan(0, rows)).Bytes;
        if (needed > MostBytes)
        {
            Console.WriteLine($"{network}, {size} = {value}, {threads} threads: left out, training would hold {needed / 1e9:F1} GB");
            return null;
        }
        // The threads of the point before still end, and hold what they worked on until then.
        Thread.Sleep(100);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using var trainee = new Trainee(new ManagedEngine(workload.Network, workload.Sequence, threads), workload.Network,
            workload.Parameters());
        trainee.Update(batch);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        return new GrowthPoint(network, size, value, threads, Least(() => trainee.Update(batch)), Least(() => trainee.Score(batch)), held);
    }

    // Milliseconds of the fastest call.
    private static double Least(Action call)
    {
        call();
        double least = double.MaxValue, sum = 0;
        for (int calls = 0; (calls < Calls || sum < Seconds) && sum < MostSeconds; calls++)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            double taken = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (least, sum) = (Math.Min(least, taken), sum + taken);
        }
        return 1000 * least;
    }
}
