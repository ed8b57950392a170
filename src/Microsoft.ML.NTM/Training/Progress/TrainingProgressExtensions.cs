namespace Microsoft.ML.NTM;

/// <summary>Several watchers of one training.</summary>
public static class TrainingProgressExtensions
{
    /// <summary>A progress that tells both, the first one first.</summary>
    /// <example><code>Progress = new ConsoleProgress().And(new TensorBoardProgress("runs/1"))</code></example>
    public static IProgress<TrainingProgress> And(this IProgress<TrainingProgress> first, IProgress<TrainingProgress> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new Both(first, second);
    }

    private sealed class Both(IProgress<TrainingProgress> first, IProgress<TrainingProgress> second) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            first.Report(value);
            second.Report(value);
        }
    }
}
