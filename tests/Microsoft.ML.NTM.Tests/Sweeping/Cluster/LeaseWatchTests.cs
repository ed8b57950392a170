using Microsoft.ML.NTM.Sweeping;
using Microsoft.ML.NTM.Sweeps;

namespace Microsoft.ML.NTM.Tests.Sweeping.Cluster;

[TestClass]
public sealed class LeaseWatchTests
{
    private static readonly SweepPlan s_plan = new() { Space = SweepSpace.Empty.Range("X", 0.0, 1.0, 0.5), Lease = 100 };

    [TestMethod]
    public void AWorkerThatIsSilentForLongerThanItsLeaseLosesItsTrial()
    {
        var machine = new SweepMachine(s_plan);
        var watch = new LeaseWatch(machine, now: 0);
        machine.Suggest("silent", now: 0);
        machine.Suggest("there", now: 0);
        for (long now = 25; now < 100; now += 25)
        {
            Assert.AreEqual(0, watch.Look(now));
            Assert.IsTrue(machine.Lease(1, 1, now));
        }

        Assert.AreEqual(1, watch.Look(100));
        Assert.AreEqual((SweepTrialStatus.Waiting, SweepTrialStatus.Running), (machine.Trials[0].Status, machine.Trials[1].Status));
    }

    [TestMethod]
    public void WhileTheListenerStoodStillNobodyLosesAnything()
    {
        var machine = new SweepMachine(s_plan);
        var watch = new LeaseWatch(machine, now: 0);
        machine.Suggest("one", now: 0);

        Assert.AreEqual(0, watch.Look(5_000));
        Assert.AreEqual(5_100, machine.Trials[0].LeasedUntil);
        foreach (long now in new[] { 5_025, 5_050, 5_075 })
            Assert.AreEqual(0, watch.Look(now));
        Assert.AreEqual(1, watch.Look(5_100));
    }

    [TestMethod]
    public void WhoTakesASweepUpGivesEveryWorkerAsLongAgain()
    {
        var before = new SweepMachine(s_plan);
        before.Suggest("one", now: 0);
        var machine = new SweepMachine(s_plan, before.Trials);
        var watch = new LeaseWatch(machine, now: 1_000);

        Assert.AreEqual(0, watch.Look(1_020));
        Assert.IsTrue(machine.Lease(0, 1, 1_030));
    }
}
