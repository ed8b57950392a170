using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// How many trials a second the sweep's state machine answers for, with workers that train nothing: they ask, report every ninth of a
/// training, and end. Run with <c>--sweep-machine TRIALS</c>. The hash tells whether two versions draw the same points.
/// </summary>
internal static class SweepMachineSpeed
{
    private static readonly SweepSpace s_space = SweepSpace.Empty
        .Range("Rate", 1e-5, 1.0, 1.0, logarithmic: true)
        .Range("Size", 4, 400, 4, logarithmic: true)
        .Choice("Kind", "a", "b", "c", "d")
        .Range("Share", 0.0, 1.0, 0.0);

    public static void Run(int trials)
    {
        Simulate(Math.Min(trials, 300), 1);
        foreach (int workers in new[] { 1, 10, 100, 1_000 })
        {
            long start = Stopwatch.GetTimestamp();
            SweepMachine machine = Simulate(trials, workers);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            byte[] points = [.. machine.Trials.SelectMany(trial => trial.Point).SelectMany(BitConverter.GetBytes)];
            int pruned = machine.Trials.Count(trial => trial.Status == SweepTrialStatus.Pruned);
            Console.WriteLine(FormattableString.Invariant(
                $"{workers,5} workers: {machine.Trials.Count / seconds,8:F0} trials/s, {machine.Trials.Count} trials, {pruned} pruned, ")
                + $"points {Convert.ToHexStringLower(SHA256.HashData(points))[..12]}");
        }
    }

    private static SweepMachine Simulate(int trials, int workers)
    {
        var machine = new SweepMachine(new SweepPlan { Space = s_space, Trials = trials, Rungs = 2, Seed = 1, Lease = 1_000_000 });
        var random = new SeededRandom(1, "workers");
        var busy = new (TrialRecord Trial, int Part)?[workers];
        var idle = new bool[workers];
        for (long now = 0; idle.Contains(false); now++)
        {
            machine.Expire(now);
            int worker = random.NextInt(workers);
            if (busy[worker] is not (TrialRecord trial, int part))
            {
                Suggestion suggestion = machine.Suggest("worker", now);
                busy[worker] = suggestion.Trial is { } next ? (next, 0) : null;
                idle[worker] = suggestion.Kind == SuggestionKind.Done;
                continue;
            }
            part++;
            bool goesOn = machine.Report(trial.Number, trial.Attempt, part, Loss(trial.Point) + 1.0 / part, now);
            if (goesOn && part == machine.Plan.WholeTraining)
                machine.Complete(trial.Number, trial.Attempt, Loss(trial.Point));
            busy[worker] = goesOn && part < machine.Plan.WholeTraining ? (trial, part) : null;
        }
        return machine;
    }

    // Best at rate 1e-3, size 60, kind c, share 0.7.
    private static double Loss(double[] point) => Math.Abs(Math.Log10(point[0]) + 3) + Math.Abs(Math.Log(point[1] / 60))
        + (point[2] == 2 ? 0 : 1) + Math.Abs(point[3] - 0.7);
}
