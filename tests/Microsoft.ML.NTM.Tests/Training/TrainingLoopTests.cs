using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class TrainingLoopTests
{
    private static TrainingSettings Settings(long iterations, OptimizerKind kind = OptimizerKind.Adam) =>
        new()
        {
            NumberOfIterations = iterations,
            LearningRate = 0.02,
            Optimizer = new OptimizerSettings { Kind = kind },
            ReportInterval = 10,
        };

    [TestMethod]
    [DataRow(OptimizerKind.RmsProp, 0.003)]
    [DataRow(OptimizerKind.Adam, 0.02)]
    [DataRow(OptimizerKind.AdamW, 0.02)]
    [DataRow(OptimizerKind.Sgd, 0.02)]
    public void EveryOptimizerFindsTheSolution(OptimizerKind kind, double rate)
    {
        var parameters = LinearProblem.Parameters();
        TrainingSettings settings = Settings(3000, kind) with { LearningRate = rate, Schedule = LearningRateSchedule.Cosine(3000) };
        TrainingHistory history = new TrainingLoop(new LinearEngine(), parameters, settings, new RecordingObserver())
            .Run(LinearProblem.Batches());
        Assert.AreEqual(TrainingStopReason.Completed, history.StopReason);
        Assert.AreEqual(3000, history.KeptIteration);
        LinearProblem.AssertSolved(parameters, kind == OptimizerKind.AdamW ? 0.01 : 1e-3);
    }

    [TestMethod]
    public void ReportsAverageOverTheSequencesSinceTheReportBefore()
    {
        var clock = new ManualClock();
        var engine = new LinearEngine(onTrain: () => clock.Now += TimeSpan.FromSeconds(0.5));
        var observer = new RecordingObserver();
        var loop = new TrainingLoop(engine, LinearProblem.Parameters(), Settings(25), observer, time: clock);
        TrainingHistory history = loop.Run(LinearProblem.Batches());

        CollectionAssert.AreEqual(new long[] { 10, 20, 25 }, observer.Reports.Select(report => report.Iteration).ToArray());
        CollectionAssert.AreEqual(observer.Reports, history.Reports.ToArray());
        int Rows(int iteration) => 2 + iteration % 3;
        double sum = Enumerable.Range(10, 10).Sum(i => engine.Losses[i] * Rows(i));
        int rows = Enumerable.Range(10, 10).Sum(Rows);
        TrainingProgress second = observer.Reports[1];
        Assert.AreEqual(sum / rows, second.Loss, 1e-12);
        Assert.AreEqual(rows / 5.0, second.SequencesPerSecond, 1e-9);
        Assert.AreEqual(Enumerable.Range(0, 20).Sum(Rows), second.Sequences);
        Assert.AreEqual(TimeSpan.FromSeconds(10), second.Elapsed);
        Assert.AreEqual(25, second.NumberOfIterations);
        Assert.IsTrue(second.GradientNorm > 0);
        Assert.IsNull(second.ValidationLoss);
    }

    [TestMethod]
    public void TheScheduleSetsTheRateOfEachStep()
    {
        var observer = new RecordingObserver();
        TrainingSettings settings = Settings(30) with { Schedule = LearningRateSchedule.StepDecay(15, 0.5) };
        new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), settings, observer).Run(LinearProblem.Batches());
        Assert.AreEqual(0.02, observer.Reports[0].LearningRate, 1e-12);
        Assert.AreEqual(0.01, observer.Reports[2].LearningRate, 1e-12);
    }

    [TestMethod]
    public void TheGradientIsClippedBeforeTheStepButReportedUnclipped()
    {
        var parameters = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        TrainingSettings settings = Settings(1) with
        {
            LearningRate = 1,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.Sgd },
            Clip = new GradientClip(Value: 0.001f),
        };
        new TrainingLoop(new LinearEngine(), parameters, settings, observer).Run(LinearProblem.Batches());
        foreach (float value in LinearProblem.Solution(parameters))
            Assert.AreEqual(0.001f, Math.Abs(value), 1e-9f);
        Assert.IsTrue(observer.Reports.Single().GradientNorm > 0.1);
    }

    [TestMethod]
    public void TheSameTrainingGivesTheSameBits()
    {
        ParameterSet first = LinearProblem.Parameters(), second = LinearProblem.Parameters(), other = LinearProblem.Parameters();
        new TrainingLoop(new LinearEngine(), first, Settings(50), new RecordingObserver()).Run(LinearProblem.Batches());
        new TrainingLoop(new LinearEngine(), second, Settings(50), new RecordingObserver()).Run(LinearProblem.Batches());
        new TrainingLoop(new LinearEngine(), other, Settings(50), new RecordingObserver()).Run(LinearProblem.Batches(seed: 2));
        CollectionAssert.AreEqual(first.Values, second.Values);
        CollectionAssert.AreNotEqual(first.Values, other.Values);
    }

    [TestMethod]
    public void CancellingThrows()
    {
        var engine = new LinearEngine();
        var loop = new TrainingLoop(engine, LinearProblem.Parameters(), Settings(50), new RecordingObserver(cancelAfter: 7));
        Assert.ThrowsExactly<OperationCanceledException>(() => loop.Run(LinearProblem.Batches()));
        Assert.AreEqual(7, engine.Losses.Count);
    }

    [TestMethod]
    public void AStopReturnsTheModelSoFar()
    {
        using var stopper = new CancellationTokenSource();
        ParameterSet stopped = LinearProblem.Parameters(), complete = LinearProblem.Parameters();
        var observer = new RecordingObserver(stopper: stopper, stopAfter: 12);
        TrainingHistory history = new TrainingLoop(new LinearEngine(), stopped, Settings(50), observer)
            .Run(LinearProblem.Batches(), stopper.Token);
        Assert.AreEqual(TrainingStopReason.StopRequested, history.StopReason);
        Assert.AreEqual(12, history.Iterations);
        Assert.AreEqual(12, observer.Reports[^1].Iteration);

        new TrainingLoop(new LinearEngine(), complete, Settings(12), new RecordingObserver()).Run(LinearProblem.Batches());
        CollectionAssert.AreEqual(complete.Values, stopped.Values);
    }

    [TestMethod]
    public void TheTimeBudgetEndsTraining()
    {
        var clock = new ManualClock();
        var engine = new LinearEngine(onTrain: () => clock.Now += TimeSpan.FromSeconds(1));
        TrainingSettings settings = Settings(50) with { TimeBudget = TimeSpan.FromSeconds(5) };
        TrainingHistory history = new TrainingLoop(engine, LinearProblem.Parameters(), settings, new RecordingObserver(), time: clock)
            .Run(LinearProblem.Batches());
        Assert.AreEqual(TrainingStopReason.TimeBudget, history.StopReason);
        Assert.AreEqual(5, history.Iterations);
        Assert.AreEqual(TimeSpan.FromSeconds(5), history.Elapsed);
    }

    [TestMethod]
    public void DataThatEndsEndsTraining()
    {
        var loop = new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), Settings(50), new RecordingObserver());
        TrainingHistory history = loop.Run(LinearProblem.Batches(end: 20));
        Assert.AreEqual(TrainingStopReason.OutOfData, history.StopReason);
        Assert.AreEqual(20, history.Iterations);
    }

    [TestMethod]
    public void NoDataIsAnError()
    {
        var loop = new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), Settings(50), new RecordingObserver());
        Assert.ThrowsExactly<InvalidOperationException>(() => loop.Run(LinearProblem.Batches(end: 0)));
    }

    [TestMethod]
    public void FaultySettingsAreAllNamedBeforeTraining()
    {
        var settings = new TrainingSettings
        {
            NumberOfIterations = 0,
            LearningRate = double.NaN,
            ReportInterval = 0,
            TimeBudget = TimeSpan.Zero,
            Clip = new GradientClip(-1, float.NaN),
            Validation = new ValidationSettings { Interval = 0, Patience = 0, MinImprovement = -1 },
            Guard = new GuardSettings { SnapshotInterval = 0, Tolerance = 0, RateFactor = 0, MaxRollbacks = -1 },
            TargetLoss = double.NaN,
        };
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), settings, new RecordingObserver()));
        Assert.AreEqual(14, settings.Faults().Count);
        foreach (string fault in settings.Faults())
            StringAssert.Contains(error.Message, fault);
    }

    [TestMethod]
    public void TrainingEndsOnceTheLossThatWasAskedForIsReached()
    {
        var observer = new RecordingObserver();
        TrainingHistory history =
            new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), Settings(10_000) with { TargetLoss = 0.5 }, observer)
            .Run(LinearProblem.Batches());
        Assert.AreEqual(TrainingStopReason.TargetReached, history.StopReason);
        Assert.IsLessThanOrEqualTo(0.5, observer.Reports[^1].Loss);
        Assert.IsTrue(observer.Reports.SkipLast(1).All(report => report.Loss > 0.5));

        var losses = new Queue<double>([5, 3, 0.2, 0.1]);
        TrainingSettings validated = Settings(10_000) with { TargetLoss = 0.2, Validation = new ValidationSettings { Interval = 10 } };
        history = new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), validated, observer, losses.Dequeue)
            .Run(LinearProblem.Batches());
        Assert.AreEqual(30, history.Iterations);
    }

    [TestMethod]
    public void WhatWasLearnedBeforeAFaultCanBeSalvaged()
    {
        ParameterSet parameters = LinearProblem.Parameters(), whole = LinearProblem.Parameters();
        var losses = new Queue<double>([5, 3, 4]);
        TrainingSettings settings = Settings(100) with { Validation = new ValidationSettings { Interval = 10 } };
        var loop = new TrainingLoop(new LinearEngine(), parameters, settings, new RecordingObserver(), losses.Dequeue);
        Assert.IsNull(loop.Salvage(), "nothing has been learned");
        Assert.ThrowsExactly<InvalidOperationException>(() => loop.Run(first => LinearProblem.Batches()(first).Take(35).Concat(Fails())));

        TrainingHistory history = loop.Salvage()!;
        new TrainingLoop(new LinearEngine(), whole, Settings(20), new RecordingObserver()).Run(LinearProblem.Batches());
        Assert.AreEqual((TrainingStopReason.Interrupted, 35L, 20L), (history.StopReason, history.Iterations, history.KeptIteration));
        CollectionAssert.AreEqual(whole.Values, parameters.Values, "the best weights are those of iteration 20");

        static IEnumerable<SequenceBatch> Fails()
        {
            yield return Enumerable.Empty<SequenceBatch>().First();
        }
    }

    [TestMethod]
    public void ASteadyIterationAllocatesNothing()
    {
        // A garbage collection started by another test may count against one of the windows, but not against all.
        long[] marks = new long[10];
        int calls = 0;
        var engine = new LinearEngine(onTrain: () =>
        {
            if (calls++ % 100 == 0)
                marks[(calls - 1) / 100] = GC.GetAllocatedBytesForCurrentThread();
        });
        TrainingSettings settings = Settings(1000) with { ReportInterval = 1000 };
        using var batch = LinearProblem.Batches()(0).GetEnumerator();
        batch.MoveNext();
        new TrainingLoop(engine, LinearProblem.Parameters(), settings, new RecordingObserver())
            .Run(_ => Enumerable.Repeat(batch.Current, 1000));
        Assert.AreEqual(0, marks.Zip(marks.Skip(1), (before, after) => after - before).Min());
    }
}
