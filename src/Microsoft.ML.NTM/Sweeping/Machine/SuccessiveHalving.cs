namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// Who goes on: asynchronous successive halving in its stopping form (Li et al. 2020, arXiv:1810.05934, section 3). At every rung a trial
/// goes on if it is among the best one in eta of all that have come so far; nobody waits for anybody.
/// </summary>
internal sealed class SuccessiveHalving(int reductionFactor, int rungs)
{
    private readonly List<double>[] _rungs = [.. Enumerable.Range(0, rungs).Select(_ => new List<double>())];

    /// <summary>The number of rungs.</summary>
    public int Rungs => _rungs.Length;

    /// <summary>How far a trial must have come for rung <paramref name="rung"/>.</summary>
    public int ResourceOf(int rung) => (int)Math.Pow(reductionFactor, rung);

    /// <summary>Remembers what a trial's loss was at a rung.</summary>
    public void Add(int rung, double loss)
    {
        int index = _rungs[rung].BinarySearch(loss);
        _rungs[rung].Insert(index < 0 ? ~index : index, loss);
    }

    /// <summary>Whether a loss that was added is good enough to go on. With fewer than eta there everybody is.</summary>
    public bool GoesOn(int rung, double loss)
    {
        List<double> all = _rungs[rung];
        if (all.Count < reductionFactor)
            return true;
        int keep = all.Count / reductionFactor;
        return loss <= all[keep - 1] && !double.IsPositiveInfinity(loss);
    }
}
