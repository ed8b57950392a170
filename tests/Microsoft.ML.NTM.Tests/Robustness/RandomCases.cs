using System.Diagnostics;
using System.Globalization;
using CsCheck;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Runs an action on random cases: the same ones every time, each with a generator of its own. The environment variable NTM_RANDOM_CASES
/// sets how many there are over all tests together (default 20,000), NTM_RANDOM_SEED draws others.
/// </summary>
internal static class RandomCases
{
    private const long Default = 20_000;

    /// <summary>Far beyond what any case takes on a busy machine: whatever takes longer hangs.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    private static readonly ulong s_seed =
        ulong.Parse(Environment.GetEnvironmentVariable("NTM_RANDOM_SEED") ?? "1", CultureInfo.InvariantCulture);
    private static readonly long s_all =
        long.Parse(Environment.GetEnvironmentVariable("NTM_RANDOM_CASES") ?? $"{Default}", CultureInfo.InvariantCulture);

    /// <summary>
    /// Calls <paramref name="use"/> with this test's share of the cases; it says how each ended, and the counts come back.
    /// </summary>
    public static Dictionary<string, int> Run<T>(Gen<T> cases, int share, Func<T, string> use)
    {
        Worker<T>[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(first =>
            new Worker<T>(cases, use, first, Environment.ProcessorCount, s_all * share / Default))];
        while (!Array.TrueForAll(workers, worker => worker.Join(TimeSpan.FromSeconds(0.2))))
        {
            if (Array.Find(workers, worker => worker.Busy > s_hang) is { } hung)
                throw new AssertFailedException($"{hung.Current} has not ended after {s_hang}.");
            if (Array.Exists(workers, worker => worker.Fault is not null))
                break;
        }
        if (Array.Find(workers, worker => worker.Fault is not null)?.Fault is { } fault)
            throw fault;
        return workers.SelectMany(worker => worker.Ends).GroupBy(end => end).ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>Fails unless enough cases ended in each of these ways: else the cases would show nothing.</summary>
    public static void AssertCovers(Dictionary<string, int> ends, TestContext context, params string[] ways)
    {
        string counts = string.Join(", ", ends.OrderBy(end => end.Key).Select(end => $"{end.Key}: {end.Value}"));
        context.WriteLine($"{ends.Values.Sum()} cases. {counts}");
        foreach (string way in ways)
            Assert.IsGreaterThan(ends.Values.Sum() / 100, ends.GetValueOrDefault(way), $"{way} among {counts}");
    }

    /// <summary>Every n-th case on a thread of its own, which can be left behind where it hangs.</summary>
    private sealed class Worker<T>
    {
        private readonly Thread _thread;
        private long _started = Stopwatch.GetTimestamp();

        public Worker(Gen<T> cases, Func<T, string> use, long first, int every, long count)
        {
            _thread = new Thread(() => Run(cases, use, first, every, count)) { IsBackground = true };
            _thread.Start();
        }

        public List<string> Ends { get; } = [];

        public Exception? Fault { get; private set; }

        public string Current { get; private set; } = "";

        public TimeSpan Busy => _thread.IsAlive ? Stopwatch.GetElapsedTime(Volatile.Read(ref _started)) : default;

        public bool Join(TimeSpan patience) => _thread.Join(patience);

        private void Run(Gen<T> cases, Func<T, string> use, long first, int every, long count)
        {
            for (long i = first; i < count; i += every)
            {
                var random = new PCG((uint)i, s_seed);
                string seed = random.ToString();
                T value = cases.Generate(random, null!, out _);
                Current = $"Case {i} (CsCheck seed {seed}), {value}";
                Volatile.Write(ref _started, Stopwatch.GetTimestamp());
                try
                {
                    Ends.Add(use(value));
                }
                catch (Exception fault)
                {
                    Fault = new AssertFailedException($"{Current}: {fault}");
                    return;
                }
            }
        }
    }
}
