using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>
/// Takes trials from workers that were silent for too long, but only while the one who listens was there: a sweep that has just been taken
/// up, or whose process stood still, gives every worker as long again.
/// </summary>
internal sealed class LeaseWatch
{
    private readonly SweepMachine _machine;
    private long _last;

    public LeaseWatch(SweepMachine machine, long now)
    {
        (_machine, _last) = (machine, now);
        machine.RenewAll(now);
    }

    /// <summary>How often to look at least.</summary>
    public static TimeSpan IntervalOf(SweepPlan plan) => TimeSpan.FromMilliseconds(Math.Max(200, plan.Lease / 4));

    /// <summary>Looks who is gone.</summary>
    /// <returns>How many trials wait for another worker now.</returns>
    public int Look(long now)
    {
        long away = now - _last;
        _last = now;
        if (away <= _machine.Plan.Lease / 2)
            return _machine.Expire(now);
        _machine.RenewAll(now);
        return 0;
    }
}
