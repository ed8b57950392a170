using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class ValidationTests
{
    private static readonly TrainingSettings s_settings = new()
    {
        NumberOfIterations = 100,
        LearningRate = 0.02,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.Adam },
        ReportInterval = 10,
        Validation = new ValidationSettings { Interval = 10, Patience = 3 },
    };

    private static (TrainingHistory History, ParameterSet Parameters, RecordingObserver Observer) Run(TrainingSettings settings,
        params double[] losses)
    {
        var parameters = LinearProblem.Parameters();
        var observer = new RecordingObserver();
        int next = 0;
        var loop = new TrainingLoop(new LinearEngine(), parameters, settings, observer, () => losses[next++]);
        return (loop.Run(LinearProblem.Batches()), parameters, observer);
    }

    private static float[] WeightsAfter(long iterations)
    {
        var parameters = LinearProblem.Parameters();
        new TrainingLoop(new LinearEngine(), parameters, s_settings with { NumberOfIterations = iterations }, new RecordingObserver())
            .Run(LinearProblem.Batches());
        return parameters.Values;
    }

    [TestMethod]
    public void TrainingStopsWhenTheLossNoLongerFallsAndKeepsTheBestWeights()
    {
        (TrainingHistory history, ParameterSet parameters, RecordingObserver observer) = Run(s_settings, 5, 3, 4, 3, 3.5);
        Assert.AreEqual(TrainingStopReason.NoImprovement, history.StopReason);
        Assert.AreEqual(50, history.Iterations);
        Assert.AreEqual(20, history.KeptIteration);
        Assert.AreEqual(3, history.ValidationLoss);
        CollectionAssert.AreEqual(WeightsAfter(20), parameters.Values);
        CollectionAssert.AreEqual(new double?[] { 5, 3, 4, 3, 3.5 }, observer.Reports.Select(report => report.ValidationLoss).ToArray());
    }

    [TestMethod]
    public void NaNIsNeverTheBest()
    {
        (TrainingHistory history, ParameterSet parameters, _) = Run(s_settings, double.NaN, 3, double.NaN, double.NaN, double.NaN);
        Assert.AreEqual(20, history.KeptIteration);
        CollectionAssert.AreEqual(WeightsAfter(20), parameters.Values);
    }

    [TestMethod]
    public void SmallImprovementsDoNotCount()
    {
        TrainingSettings settings = s_settings with { Validation = s_settings.Validation with { MinImprovement = 0.5 } };
        (TrainingHistory history, _, _) = Run(settings, 5, 4.9, 4.8, 4.7);
        Assert.AreEqual(TrainingStopReason.NoImprovement, history.StopReason);
        Assert.AreEqual(10, history.KeptIteration);
    }

    [TestMethod]
    public void OnAPlateauEachValidationWithoutImprovementHalvesTheRateUpToTenTimes()
    {
        TrainingSettings settings = s_settings with
        {
            HalvesOnPlateau = true,
            NumberOfIterations = 160,
            Validation = new ValidationSettings { Interval = 10 },
        };
        (_, _, RecordingObserver observer) = Run(settings, [5, 3, 4, 3, double.NaN, 2, .. Enumerable.Repeat(2.0, 10)]);
        double[] factors = [1, 1, 1, 2, 4, 8, 8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024];
        CollectionAssert.AreEqual(factors.Select(factor => 0.02 / factor).ToArray(),
            observer.Reports.Select(report => report.LearningRate).ToArray());
    }

    [TestMethod]
    public void WithoutPatienceOnlyTheBestWeightsAreKept()
    {
        TrainingSettings settings = s_settings with { NumberOfIterations = 60, Validation = new ValidationSettings { Interval = 10 } };
        (TrainingHistory history, ParameterSet parameters, _) = Run(settings, 5, 1, 6, 6, 6, 6);
        Assert.AreEqual(TrainingStopReason.Completed, history.StopReason);
        Assert.AreEqual(20, history.KeptIteration);
        CollectionAssert.AreEqual(WeightsAfter(20), parameters.Values);
    }

    [TestMethod]
    public void TheLastWeightsAreValidatedToo()
    {
        TrainingSettings settings = s_settings with { NumberOfIterations = 15 };
        (TrainingHistory history, ParameterSet parameters, RecordingObserver observer) = Run(settings, 5, 4);
        Assert.AreEqual(15, history.KeptIteration);
        Assert.AreEqual(4, observer.Reports[^1].ValidationLoss);
        CollectionAssert.AreEqual(WeightsAfter(15), parameters.Values);
    }

    [TestMethod]
    public void AStopReturnsTheBestWeightsWithoutAnotherValidation()
    {
        using var stopper = new CancellationTokenSource();
        var parameters = LinearProblem.Parameters();
        int validations = 0;
        var observer = new RecordingObserver(stopper: stopper, stopAfter: 25);
        var loop = new TrainingLoop(new LinearEngine(), parameters, s_settings, observer, () => ++validations);
        TrainingHistory history = loop.Run(LinearProblem.Batches(), stopper.Token);
        Assert.AreEqual(TrainingStopReason.StopRequested, history.StopReason);
        Assert.AreEqual(2, validations);
        Assert.AreEqual(10, history.KeptIteration);
        CollectionAssert.AreEqual(WeightsAfter(10), parameters.Values);
    }
}
