using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>Asks the sweep for trials and trains them on a thread of its own, away from Orleans' scheduler, one at a time.</summary>
internal sealed class SweepWorker(ClusterSweep sweep, int index, IGrainFactory grains, ILogger<SweepWorker> log) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300), s_longest = TimeSpan.FromDays(20);
    private readonly string _name = FormattableString.Invariant($"{Environment.MachineName}/{Environment.ProcessId}/{index}");

    private ISweepGrain Grain => grains.GetGrain<ISweepGrain>(sweep.Name);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The silo that this is part of may still be starting.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                SweepAssignment next = await Calls.Patiently(() => Grain.Ask(_name), stoppingToken);
                if (next.IsDone)
                    return;
                if (next.Trial is int trial)
                    await Task.Factory.StartNew(() =>
                        Train(trial, next, stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                else
                    await Task.Delay(s_pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Train(int trial, SweepAssignment assignment, CancellationToken hostStops)
    {
        using var timeUp = new CancellationTokenSource();
        if (assignment.TimeLeft is TimeSpan left)
            timeUp.CancelAfter(left < s_longest ? left : s_longest);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(hostStops, timeUp.Token);
        long start = Stopwatch.GetTimestamp();
        bool stopped = false;
        void Obey(bool goesOn)
        {
            if (goesOn)
                return;
            Volatile.Write(ref stopped, true);
            stop.Cancel();
        }
        double[] point = [.. assignment.Point];
        var work = new TrialWork
        {
            Number = trial,
            Values = sweep.Plan.Space.ValuesOf(point),
            Seed = unchecked(sweep.Plan.Seed + assignment.Repeat),
            WholeTraining = sweep.Plan.WholeTraining,
            Threads = 1,
            CheckpointFolder = sweep.Folder.CheckpointsOf(trial),
            Stop = stop.Token,
            Report = (part, loss) => Obey(Answer(() => Grain.Report(trial, assignment.Attempt, part, loss), hostStops)),
        };
        using var lease = new Timer(_ =>
            RenewAsync(trial, assignment.Attempt, Obey).Ignore(), null, sweep.Plan.Lease / 3, sweep.Plan.Lease / 3);
        try
        {
            TrialResult result = sweep.Train(work);
            using IDisposable? model = result.Model as IDisposable;
            if (Volatile.Read(ref stopped))
                return;
            if (hostStops.IsCancellationRequested)
            {
                GiveBack(trial, assignment.Attempt);
                return;
            }
            double objective = result.Objective();
            // Whoever lost the trial meanwhile must not write over what another made of it.
            if (!Answer(() => Grain.Renew(trial, assignment.Attempt), hostStops))
                return;
            sweep.Folder.SaveModel(trial, result.Model);
            Answer(() => Grain.Complete(trial, assignment.Attempt, objective, Stopwatch.GetElapsedTime(start).TotalSeconds), hostStops);
            sweep.Folder.RemoveCheckpoints(trial);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            GiveBack(trial, assignment.Attempt);
        }
        catch (Exception fault)
        {
            log.LogWarning(fault, "Trial {Trial} of the sweep {Sweep} failed.", trial, sweep.Name);
            string error = fault.Message.Length <= 500 ? fault.Message : fault.Message[..500] + " ...";
            Answer(() => Grain.Fail(trial, assignment.Attempt, error, Stopwatch.GetElapsedTime(start).TotalSeconds), hostStops);
        }
    }

    // What the grain does not hear of now it finds out when the lease runs out.
    private void GiveBack(int trial, int attempt)
    {
        try
        {
            Grain.GiveBack(trial, attempt).Wait(TimeSpan.FromSeconds(5));
        }
        catch (Exception fault)
        {
            log.LogInformation(fault, "Trial {Trial} of the sweep {Sweep} could not be given back.", trial, sweep.Name);
        }
    }

    private async Task RenewAsync(int trial, int attempt, Action<bool> obey) => obey(await Grain.Renew(trial, attempt));

    // On the training's own thread, which has nothing else to do meanwhile.
    private static T Answer<T>(Func<Task<T>> call, CancellationToken stop) => Calls.Patiently(call, stop).GetAwaiter().GetResult();
}
