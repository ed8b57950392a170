namespace Microsoft.ML.NTM.Sweeping;

/// <summary>Which trial a sweep is won by.</summary>
internal static class Winner
{
    /// <summary>
    /// The best run of the best settings, or null if no trial counts. Once some were made again, only those can win, by the mean over all
    /// their runs; a run that failed counts as infinitely bad.
    /// </summary>
    public static TrialRecord? Of(IReadOnlyList<TrialRecord> trials)
    {
        ILookup<int, TrialRecord> repeats = trials.Where(trial => trial.RepeatOf is not null && trial.IsOver)
            .ToLookup(trial => trial.RepeatOf!.Value);
        TrialRecord[] settings = [.. trials.Where(trial => trial.IsSearch && trial.Counts)];
        // Time may be up before all were made as often: only those that were made most often are compared.
        int most = settings.Select(trial => repeats[trial.Number].Count()).DefaultIfEmpty().Max();
        return settings.Where(trial => repeats[trial.Number].Count() == most)
            .Select(trial => (TrialRecord[])[trial, .. repeats[trial.Number]])
            .OrderBy(runs => runs.Average(run => run.Counts ? run.Objective!.Value : double.PositiveInfinity))
                .ThenBy(runs => runs[0].Number)
            .FirstOrDefault()?.Where(run => run.Counts).MinBy(run => run.Objective);
    }
}
