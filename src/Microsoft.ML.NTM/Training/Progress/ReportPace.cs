namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Which reports deserve a line that stays: the first, the last, and one whenever a fifth more time has passed than at the line before, at
/// least five seconds and at most ten minutes. A training of a minute makes about a dozen lines, one of a day about a hundred and seventy.
/// </summary>
internal sealed class ReportPace(TimeProvider time)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5), s_longest = TimeSpan.FromMinutes(10);
    private const double Growth = 0.2;

    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _due;

    /// <summary>Whether this report is one of them; if so, the next pause begins.</summary>
    public bool IsDue(TrainingProgress progress)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        if (now < _due && progress.Iteration < progress.NumberOfIterations)
            return false;
        TimeSpan pause = now * Growth;
        _due = now + (pause < s_shortest ? s_shortest : pause > s_longest ? s_longest : pause);
        return true;
    }
}
