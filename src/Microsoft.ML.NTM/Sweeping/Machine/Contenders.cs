namespace Microsoft.ML.NTM.Sweeping;

/// <summary>Whose models a sweep may still want.</summary>
internal static class Contenders
{
    /// <summary>The best of the search, as many as may win or be made again, and whatever was made again.</summary>
    public static HashSet<int> Of(SweepPlan plan, IReadOnlyList<TrialRecord> trials)
    {
        int wanted = plan.Repeats > 0 ? Math.Max(1, plan.RepeatedTrials) : 1;
        HashSet<int> best = [.. trials.Where(trial => trial.IsSearch && trial.Counts).OrderBy(trial => trial.Objective)
            .ThenBy(trial => trial.Number).Take(wanted).Select(trial => trial.Number)];
        foreach (TrialRecord again in trials.Where(trial => !trial.IsSearch))
        {
            best.Add(again.Number);
            best.Add(again.RepeatOf!.Value);
        }
        return best;
    }
}
