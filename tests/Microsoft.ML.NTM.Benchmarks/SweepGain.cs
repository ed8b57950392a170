using System.Globalization;
using Microsoft.ML.NTM.Benchmarks.RealData;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// Whether sweeps help: the first trial alone against a search at random, one with early stopping, and one with the sampler that learns.
/// Two trials side by side, each on one thread; what was found is measured on data that the search never saw. <c>--sweeps SECONDS SEEDS
/// [--data FOLDER] [--results FILE] [--only NAME]</c>: a search has twice SECONDS of processor time, so that SECONDS pass on two free cores
/// and a busy machine changes nothing. What FILE has is not done again; every seed is finished before the next begins.
/// </summary>
internal static class SweepGain
{
    private const int SideBySide = 2;
    private const string Alone = "first trial alone";

    private static readonly (string Name, SweepSampler Sampler, int Rungs)[] s_ways =
    [
        ("random, every trial to its end", SweepSampler.Random, 0),
        ("random, bad trials stopped early", SweepSampler.Random, 2),
        ("as it is by default", SweepSampler.Parzen, 2),
    ];

    public static void Run(double seconds, int seeds, string[] arguments)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(arguments, name) is var place and >= 0 && place + 1 < arguments.Length ? arguments[place + 1] : otherwise;
        var results = new Results(Option("--results", FormattableString.Invariant($"sweeps-{seconds:F0}.tsv")));
        SweepTask[] tasks = [.. SweepTask.All(Option("--data", "")).Where(task => task.Name.Contains(Option("--only", ""),
            StringComparison.OrdinalIgnoreCase))];
        foreach ((int seed, SweepTask task) in from seed in Enumerable.Range(1, seeds) from task in tasks select (seed, task))
        {
            if (!results.Has(task.Name, Alone, seed))
                Measure(results, task, Alone, seed, () => (task.Alone(seed), null));
            foreach ((string name, SweepSampler sampler, int rungs) in s_ways.Where(way => !results.Has(task.Name, way.Name, seed)))
            {
                var options = new SweepOptions
                {
                    NumberOfTrials = 10_000,
                    NumberOfParallelTrials = SideBySide,
                    Sampler = sampler,
                    Rungs = rungs,
                    Seed = seed,
                };
                Measure(results, task, name, seed, () => Search(task, seed, seconds, options));
            }
        }
        Print(results, tasks, seeds);
    }

    private static (double, SweepResult?) Search(SweepTask task, int seed, double seconds, SweepOptions options)
    {
        using var stop = new CancellationTokenSource();
        TimeSpan end = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(SideBySide * seconds);
        using var watch = new Timer(_ =>
        {
            if (Environment.CpuUsage.TotalTime >= end)
                stop.Cancel();
        }, null, 50, 50);
        options.StoppingToken = stop.Token;
        (SweepResult found, double test) = task.Sweep(seed, options);
        return (test, found);
    }

    private static void Measure(Results results, SweepTask task, string way, int seed, Func<(double Test, SweepResult? Found)> run)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        (double test, SweepResult? found) = run();
        double spent = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        string trials = "";
        if (found is not null)
        {
            int completed = found.Trials.Count(trial => trial.Status == SweepTrialStatus.Completed);
            results.Add(new Result(task.Name, $"{way}, completed", seed, completed, spent));
            results.Add(new Result(task.Name, $"{way}, begun", seed, found.Trials.Count, spent));
            trials = FormattableString.Invariant($", {completed} of {found.Trials.Count} trials completed");
        }

        // Last, because this is what counts as done.
        results.Add(new Result(task.Name, way, seed, test, spent));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{task.Name}, {way}, seed {seed}: {task.Metric} {test:G4} after {spent:F0} s of processor time{trials}"));
    }

    private static void Print(Results results, SweepTask[] tasks, int seeds)
    {
        Console.WriteLine($"| | {string.Join(" | ", tasks.Select(task => $"{task.Name}, {task.Metric} | completed / begun"))} |");
        Console.WriteLine($"| --- |{string.Concat(tasks.Select(_ => " --- | --- |"))}");
        foreach (string way in s_ways.Select(way => way.Name).Prepend(Alone))
        {
            double Sum(SweepTask task, string what) =>
                Enumerable.Range(1, seeds).Sum(seed => results.ValueOf(task.Name, $"{way}, {what}", seed) ?? 0);
            Console.WriteLine($"| {way} | " + string.Join(" | ", tasks.Select(task => results.Cell(task.Name, way) + " | "
                + (way == Alone ? "" : FormattableString.Invariant($"{Sum(task, "completed")} / {Sum(task, "begun")}")))) + " |");
        }
    }
}
