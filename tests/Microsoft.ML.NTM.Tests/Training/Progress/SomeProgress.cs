namespace Microsoft.ML.NTM.Tests.Training.Progress;

/// <summary>Reports as a training makes them: an iteration a second.</summary>
internal static class SomeProgress
{
    public static TrainingProgress At(long iteration, long of = 1_000, double? validation = null, long skipped = 0) => new()
    {
        Iteration = iteration,
        NumberOfIterations = of,
        Sequences = 16 * iteration,
        Loss = 0.48214,
        ValidationLoss = validation,
        GradientNorm = 1.25,
        LearningRate = 3e-4,
        SequencesPerSecond = 1203.6,
        SkippedSteps = skipped,
        Elapsed = TimeSpan.FromSeconds(iteration),
    };
}
