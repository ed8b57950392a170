using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Hosting;

[TestClass]
public sealed class LocalSweepTests
{
    private static readonly SweepPlan s_plan =
        new() { Space = FakeTraining.Space, Trials = 20, Rungs = 2, RepeatedTrials = 2, Repeats = 2 };

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void WorkersMakeAllTrialsAndThoseThatCanWinKeepTheirModels(int workers)
    {
        var machine = new SweepMachine(s_plan);
        var host = new LocalSweep(machine, FakeTraining.Train, new LocalSweepSettings { Workers = workers });
        host.Run();

        Assert.IsTrue(machine.IsDone);
        Assert.AreEqual(24, machine.Trials.Count);
        TrialRecord best = Winner.Of(machine.Trials)!;
        Assert.AreEqual(best.Number, ((FakeTraining.Model)host.Models[best.Number]).Number);
        Assert.HasCount(2 + 4, host.Models);
    }

    [TestMethod]
    public void OneWorkerMakesTheSameSweepTwice()
    {
        string Run()
        {
            var machine = new SweepMachine(s_plan);
            new LocalSweep(machine, FakeTraining.Train, new LocalSweepSettings()).Run();
            return SweepStates.Describe(machine.Trials);
        }

        Assert.AreEqual(Run(), Run());
    }

    [TestMethod]
    public void ATrialThatThrowsIsRecordedAndTheOthersAreMade()
    {
        var machine = new SweepMachine(s_plan with { Rungs = 0, Repeats = 0 });
        new LocalSweep(machine, work => work.Number % 3 == 1 ? throw new InvalidOperationException($"trial {work.Number} cannot")
            : FakeTraining.Train(work),
            new LocalSweepSettings { Workers = 3 }).Run();

        foreach (TrialRecord trial in machine.Trials)
        {
            Assert.AreEqual(trial.Number % 3 == 1 ? SweepTrialStatus.Failed : SweepTrialStatus.Completed, trial.Status);
            Assert.AreEqual(trial.Number % 3 == 1 ? $"trial {trial.Number} cannot" : null, trial.Error);
        }
    }

    [TestMethod]
    public void AStopMeasuresWhatThereIsAndBeginsNothingNew()
    {
        using var stop = new CancellationTokenSource();
        var machine = new SweepMachine(s_plan with { Rungs = 0 });
        TrialResult Train(TrialWork work)
        {
            if (work.Number == 4)
                stop.Cancel();
            return FakeTraining.Train(work) with { Objective = () => 1 };
        }
        new LocalSweep(machine, Train, new LocalSweepSettings { StoppingToken = stop.Token }).Run();

        Assert.HasCount(5, machine.Trials);
        Assert.IsTrue(machine.Trials.All(trial => trial.Status == SweepTrialStatus.Completed));
    }

    [TestMethod]
    public void ACancelledContextEndsTheSweepAtOnce()
    {
        var machine = new SweepMachine(s_plan);
        int reports = 0;
        var host = new LocalSweep(machine, FakeTraining.Train, new LocalSweepSettings
        {
            Workers = 2,
            ThrowIfCancelled = () =>
            {
                if (Interlocked.Increment(ref reports) > 10)
                    throw new OperationCanceledException();
            },
        });

        Assert.Throws<OperationCanceledException>(host.Run);
        Assert.IsFalse(machine.IsDone);
    }

    [TestMethod]
    public void AFaultOfAListenerEndsTheSweepAndIsNoTrialsFailure()
    {
        var machine = new SweepMachine(s_plan);
        var host = new LocalSweep(machine, FakeTraining.Train, new LocalSweepSettings
        {
            Tell = (state, _) =>
            {
                if (state.Trials[^1].Curve.Count > 1)
                    throw new IOException("the disk is full");
            },
        });

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(host.Run);
        StringAssert.Contains(fault.Message, "the disk is full");
        Assert.IsFalse(machine.Trials.Any(trial => trial.Status == SweepTrialStatus.Failed));
    }
}
