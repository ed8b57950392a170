namespace Microsoft.ML.NTM.Training;

/// <summary>
/// How long a training will still take at its pace so far: from the reports of this run only, so a resumed training does not count what
/// was done before.
/// </summary>
internal sealed class RemainingTime(TimeSpan? budget)
{
    private TrainingProgress? _first;

    /// <summary>What the report says about the time left; null while there is only one.</summary>
    public TimeSpan? After(TrainingProgress progress)
    {
        // Another training, or the same once more.
        if (_first is null || progress.Iteration <= _first.Iteration)
            _first = progress;
        TimeSpan run = progress.Elapsed - _first.Elapsed;
        long made = progress.Iteration - _first.Iteration;
        double seconds = made > 0 ? run.TotalSeconds / made * (progress.NumberOfIterations - progress.Iteration) : double.PositiveInfinity;
        if (budget is { } allowed)
            seconds = Math.Min(seconds, Math.Max(0, (allowed - run).TotalSeconds));
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
