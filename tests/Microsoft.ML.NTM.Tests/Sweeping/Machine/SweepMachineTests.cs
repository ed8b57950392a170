using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Machine;

/// <summary>Whatever workers do, in whatever order: the sweep stays whole, ends, and says the same again.</summary>
[TestClass]
public sealed class SweepMachineTests
{
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly SweepSpace s_space = SweepSpace.Empty
        .Range("Rate", 1e-4, 1e-1, 1e-2, logarithmic: true)
        .Choice("Kind", "a", "b", "c")
        .Range("Layers", 1, 4, 1).OnlyWhen("Layers", "Kind", "a");

    private sealed record Case(int Seed, int Workers, int Trials, int Rungs, int Factor, int Repeats, SweepSampler Sampler, double Death,
        double Failure)
    {
        public SweepPlan Plan => new()
        {
            Space = s_space,
            Seed = Seed,
            Trials = Trials,
            Rungs = Rungs,
            ReductionFactor = Factor,
            RepeatedTrials = Repeats,
            Repeats = Repeats,
            Sampler = Sampler,
            Lease = 200,
        };

        public Simulation Simulate(SweepMachine machine) => new(machine, Loss, Workers, Seed) { Death = Death, Failure = Failure };
    }

    private static readonly Gen<Case> s_cases = Gen.Select(
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 9], Gen.Int[1, 25]),
        Gen.Select(Gen.Int[0, 3], Gen.Int[2, 4], Gen.Int[0, 2]),
        Gen.Select(Gen.Bool, Gen.OneOf(0, 0.02, 0.1), Gen.OneOf(0, 0.05)),
        (run, halving, rest) => new Case(run.Item1, run.Item2, run.Item3, halving.Item1, halving.Item2, halving.Item3,
            rest.Item1 ? SweepSampler.Parzen : SweepSampler.Random, rest.Item2, rest.Item3));

    // Falls with training, differs from point to point, and is sometimes no number.
    private static double Loss(TrialRecord trial, int resource) =>
        trial.Number % 11 == 7 ? double.NaN : Math.Abs(Math.Log10(trial.Point[0]) + 3) + trial.Point[1] + 1.0 / resource
            + 0.1 * trial.Repeat;

    [TestMethod]
    public void EverySweepEndsWithEveryTrialAccountedFor() => s_cases.Sample(one =>
    {
        var machine = new SweepMachine(one.Plan);
        one.Simulate(machine).Run();

        Assert.IsTrue(machine.IsDone);
        Assert.IsTrue(machine.Trials.All(trial => trial.IsOver));
        CollectionAssert.AreEqual(Enumerable.Range(0, machine.Trials.Count).ToArray(), machine.Trials.Select(trial => trial.Number)
            .ToArray());
        Assert.AreEqual(one.Trials, machine.Trials.Count(trial => trial.IsSearch));
        Assert.AreNotEqual(SweepTrialStatus.Pruned, machine.Trials[0].Status);
        foreach (TrialRecord trial in machine.Trials)
        {
            Assert.AreEqual(trial.Status == SweepTrialStatus.Completed, trial.Objective is not null);
            Assert.AreEqual(trial.Status == SweepTrialStatus.Failed, trial.Error is not null);
            Assert.IsTrue(trial.IsSearch || trial.Status != SweepTrialStatus.Pruned);
            Assert.IsTrue(trial.Curve.Zip(trial.Curve.Skip(1)).All(pair => pair.First.Resource < pair.Second.Resource));
            Assert.IsLessThanOrEqualTo(one.Plan.MaxAttempts, trial.Attempt);
        }
    }, iter: 300, threads: 1, seed: "0000KOIKm0N3");

    [TestMethod]
    public void TheSameSeedAndEventsGiveTheSameSweep() => s_cases.Sample(one =>
    {
        Simulation first = one.Simulate(new SweepMachine(one.Plan)), second = one.Simulate(new SweepMachine(one.Plan));
        first.Run();
        second.Run();

        CollectionAssert.AreEqual(first.Events, second.Events);
    }, iter: 100, threads: 1, seed: "0000KOIKm0N3");

    [TestMethod]
    public void AMachineMadeAgainFromItsTrialsSaysTheSame() => Gen.Select(s_cases, Gen.Int[0, 200]).Sample((one, steps) =>
    {
        var machine = new SweepMachine(one.Plan);
        Simulation simulation = one.Simulate(machine);
        for (int i = 0; i < steps && simulation.Step(); i++)
        {
        }

        SweepMachine Copy() =>
            new(one.Plan, JsonSerializer.Deserialize<List<TrialRecord>>(JsonSerializer.Serialize(machine.Trials, s_json), s_json),
                machine.SearchEnded);
        string[] Ahead(SweepMachine from)
        {
            Simulation ahead = new(from, Loss, one.Workers, one.Seed + 1);
            ahead.Run();
            return [.. ahead.Events];
        }

        CollectionAssert.AreEqual(Ahead(Copy()), Ahead(Copy()));
        CollectionAssert.AreEqual(Ahead(Copy()), Ahead(machine));
    }, iter: 100, threads: 1, seed: "0000KOIKm0N3");

    [TestMethod]
    public void TheStartComesFirstThenCandidatesThenCheapDraws()
    {
        double[] candidate = s_space.PointOf(new Dictionary<string, object> { ["Rate"] = 0.05, ["Kind"] = "b" });
        var machine = new SweepMachine(new SweepPlan
        {
            Space = s_space,
            Trials = 20,
            Candidates = [candidate],
            Cost = point => point[0] * 1000,
        });
        TrialRecord[] trials = [.. Enumerable.Range(0, 7).Select(_ => machine.Suggest("one").Trial!)];

        CollectionAssert.AreEqual(new[] { 1e-2, 0, 1 }, trials[0].Point);
        CollectionAssert.AreEqual(candidate, trials[1].Point);
        double[] draws = [.. trials[2..].Select(trial => trial.Point[0])];
        CollectionAssert.AreEqual(draws.Order().ToArray(), draws);
    }

    [TestMethod]
    public void NothingDearerThanTheLimitIsDrawn()
    {
        var plan = new SweepPlan { Space = s_space, Trials = 60, Cost = point => point[0], CostLimit = 2, Rungs = 0 };
        var machine = new SweepMachine(plan);
        new Simulation(machine, (trial, _) => -trial.Point[0], 3, 1).Run();

        Assert.AreEqual(60, machine.Trials.Count(trial => plan.RelativeCost(trial.Point) <= 2));
    }

    [TestMethod]
    public void AWorkerThatLostItsTrialIsToldToStopAndItsResultIsNotTaken()
    {
        var machine = new SweepMachine(new SweepPlan { Space = s_space, Lease = 10 });
        TrialRecord trial = machine.Suggest("slow", now: 0).Trial!;
        Assert.IsTrue(machine.Report(trial.Number, 1, 1, 3.0, now: 5));
        Assert.AreEqual(0, machine.Expire(14));
        Assert.AreEqual(1, machine.Expire(15));
        Assert.AreSame(trial, machine.Suggest("quick", now: 16).Trial);

        Assert.IsFalse(machine.Report(trial.Number, 1, 2, 2.0, now: 17));
        Assert.IsFalse(machine.Complete(trial.Number, 1, 2.0));
        Assert.IsFalse(machine.Fail(trial.Number, 1, "late"));
        Assert.IsFalse(machine.Lease(trial.Number, 1, 18));
        Assert.IsTrue(machine.Report(trial.Number, 2, 1, 3.0, now: 18));
        Assert.AreEqual("quick", trial.Worker);
        Assert.IsTrue(machine.Complete(trial.Number, 2, 1.0));
        Assert.IsFalse(machine.Complete(trial.Number, 2, 0.5));
        Assert.AreEqual(1.0, trial.Objective);
    }

    [TestMethod]
    public void ATrialWhoseWorkersKeepDyingIsGivenUp()
    {
        var machine = new SweepMachine(new SweepPlan { Space = s_space, Trials = 1, MaxAttempts = 3 });
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            Assert.AreEqual(attempt, machine.Suggest("one").Trial!.Attempt);
            machine.Abandon(0);
        }
        Assert.AreEqual(SweepTrialStatus.Failed, machine.Trials[0].Status);
        Assert.AreEqual(SuggestionKind.Done, machine.Suggest("one").Kind);
    }

    [TestMethod]
    public void TheBestAreMadeAgainWithOtherSeedsOnceTheSearchIsOver()
    {
        var machine = new SweepMachine(new SweepPlan { Space = s_space, Trials = 8, Rungs = 0, RepeatedTrials = 2, Repeats = 3 });
        new Simulation(machine, Loss, 3, 1).Run();

        TrialRecord[] best = [.. machine.Trials.Where(trial => trial.IsSearch && trial.Counts).OrderBy(trial => trial.Objective).Take(2)];
        TrialRecord[] repeats = [.. machine.Trials.Where(trial => !trial.IsSearch)];
        Assert.HasCount(6, repeats);
        foreach (TrialRecord original in best)
        {
            TrialRecord[] own = [.. repeats.Where(trial => trial.RepeatOf == original.Number)];
            CollectionAssert.AreEquivalent(new[] { 1, 2, 3 }, own.Select(trial => trial.Repeat).ToArray());
            Assert.IsTrue(own.All(trial => trial.Point.AsSpan().SequenceEqual(original.Point)));
        }
    }

    [TestMethod]
    public void ASmallSpaceIsTriedOnceAndNoPointTwice()
    {
        SweepSpace space = SweepSpace.Empty.Choice("Kind", "a", "b", "c").Range("Layers", 1, 4, 1).OnlyWhen("Layers", "Kind", "a");
        var machine = new SweepMachine(new SweepPlan { Space = space, Trials = 50 });
        new Simulation(machine, (trial, _) => trial.Point[0], 2, 1).Run();

        Assert.HasCount(6, machine.Trials);
        Assert.AreEqual(6, machine.Trials.Select(trial => string.Join(' ', trial.Point)).Distinct().Count());
    }
}
