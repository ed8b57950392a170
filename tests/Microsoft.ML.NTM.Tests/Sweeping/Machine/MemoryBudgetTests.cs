using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

/// <summary>Trials that need as much memory as their size says.</summary>
[TestClass]
public sealed class MemoryBudgetTests
{
    private static readonly SweepPlan s_plan = new()
    {
        Space = SweepSpace.Empty.Range("Size", 1, 100, 40).Choice("Kind", "a", "b"),
        Trials = 40,
        Rungs = 0,
        Memory = point => (long)point[0],
        MemoryBudget = 60,
    };

    [TestMethod]
    public void WhatDoesNotFitAloneIsNotDrawn()
    {
        var machine = new SweepMachine(s_plan);
        new Simulation(machine, (trial, _) => -trial.Point[0], workers: 1, seed: 1).Run();

        Assert.HasCount(40, machine.Trials);
        Assert.IsTrue(machine.Trials.All(trial => trial.Point[0] <= 60 && trial.Status == SweepTrialStatus.Completed));
    }

    [TestMethod]
    public void WhatWasAskedForAndDoesNotFitIsRecordedAndNeverBegun()
    {
        var machine = new SweepMachine(s_plan with { Candidates = [[61, 0], [60, 1]] });
        Suggestion first = machine.Suggest("one");
        machine.Complete(0, 1, 1);
        Suggestion second = machine.Suggest("one"), third = machine.Suggest("one");

        Assert.AreEqual((SuggestionKind.Trial, SuggestionKind.Refused, SuggestionKind.Trial), (first.Kind, second.Kind, third.Kind));
        Assert.AreEqual((SweepTrialStatus.Failed, 0), (second.Trial!.Status, second.Trial.Curve.Count));
        StringAssert.Contains(second.Trial.Error, "memory budget");
        CollectionAssert.AreEqual(new[] { 60.0, 1 }, third.Trial!.Point);
    }

    [TestMethod]
    public void WhatDoesNotFitBesideOthersOfItsProcessWaitsForThem()
    {
        var machine = new SweepMachine(s_plan with { Candidates = [[30, 0], [15, 0]] });
        TrialRecord start = machine.Suggest("here/1").Trial!;

        Assert.AreEqual(SuggestionKind.Wait, machine.Suggest("here/2").Kind);
        Assert.AreEqual(1, machine.Suggest("there/1").Trial!.Number, "Another process has its own memory.");
        Assert.AreEqual(2, machine.Suggest("here/2").Trial!.Number);
        Assert.IsTrue(machine.Complete(start.Number, 1, 1));
        Assert.IsTrue(machine.Complete(2, 1, 1));
        Assert.AreEqual(SuggestionKind.Trial, machine.Suggest("here/1").Kind);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    public void HoweverManyWorkersTheirTrialsNeverNeedMoreTogether(int workers)
    {
        var machine = new SweepMachine(s_plan with { Repeats = 2, RepeatedTrials = 2, Lease = 200 });
        long most = 0;
        double Loss(TrialRecord trial, int part)
        {
            most = Math.Max(most, machine.Trials.Where(one => one.Status == SweepTrialStatus.Running).Sum(one => (long)one.Point[0]));
            return Math.Abs(trial.Point[0] - 45);
        }
        new Simulation(machine, Loss, workers, seed: 3) { Death = 0.05 }.Run();

        Assert.IsTrue(machine.IsDone);
        Assert.IsTrue(most is > 30 and <= 60, $"{most}");
    }

    [TestMethod]
    public void ALostTrialThatNoLongerFitsIsGivenUpInsteadOfWaitedFor()
    {
        var before = new SweepMachine(s_plan);
        before.Suggest("one");
        before.Abandon(0);
        var machine = new SweepMachine(s_plan with { MemoryBudget = 20 }, before.Trials);

        Assert.AreEqual(SuggestionKind.Refused, machine.Suggest("one").Kind);
        Assert.AreEqual(SweepTrialStatus.Failed, machine.Trials[0].Status);
    }
}
