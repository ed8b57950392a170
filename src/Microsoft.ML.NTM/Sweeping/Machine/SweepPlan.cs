namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// What a sweep is to do; with the seed and the order of events it decides everything that a <see cref="SweepMachine"/> says.
/// </summary>
internal sealed record SweepPlan
{
    private StartCost? _startCost;

    /// <summary>What is varied.</summary>
    public required SweepSpace Space { get; init; }

    /// <summary>Seed of every draw.</summary>
    public int Seed { get; init; }

    /// <summary>Trials of the search, repetitions not counted.</summary>
    public int Trials { get; init; } = 30;

    /// <summary>How the next trial is chosen.</summary>
    public SweepSampler Sampler { get; init; } = SweepSampler.Parzen;

    /// <summary>At each rung one in so many goes on (eta).</summary>
    public int ReductionFactor { get; init; } = 3;

    /// <summary>Rungs, at 1, eta, eta^2 ... parts of the training; 0: nothing is stopped early.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>How many of the best are made again.</summary>
    public int RepeatedTrials { get; init; }

    /// <summary>How often each of them is.</summary>
    public int Repeats { get; init; }

    /// <summary>Points to try right after the start.</summary>
    public IReadOnlyList<double[]> Candidates { get; init; } = [];

    /// <summary>What training at a point costs, in any unit; null: the same everywhere.</summary>
    public Func<double[], double>? Cost { get; init; }

    /// <summary>Points that cost more than so many times the start are not drawn.</summary>
    public double CostLimit { get; init; } = double.PositiveInfinity;

    /// <summary>Bytes that training at a point needs; null: not known.</summary>
    public Func<double[], long>? Memory { get; init; }

    /// <summary>Bytes that the trials which one process trains at the same time may need together.</summary>
    public long MemoryBudget { get; init; } = long.MaxValue;

    /// <summary>
    /// How long a worker has a trial without saying anything, on the host's clock; <see cref="long.MaxValue"/>: for ever.
    /// </summary>
    public long Lease { get; init; } = long.MaxValue;

    /// <summary>A trial whose workers were lost so often is given up.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Parts of the whole training (eta^rungs).</summary>
    public int WholeTraining
    {
        get
        {
            int whole = 1;
            for (int i = 0; i < Rungs; i++)
                whole *= ReductionFactor;
            return whole;
        }
    }

    /// <summary>How much more than the start a point costs.</summary>
    public double RelativeCost(double[] point)
    {
        if (Cost is null)
            return 1;
        // Kept with what it was made from, because a changed copy of a plan begins with what this one had.
        if (_startCost is not { } known || known.Cost != Cost || known.Space != Space)
            _startCost = known = new StartCost(Cost, Space, Cost(Space.Start));
        return Cost(point) / known.Value;
    }

    /// <summary>Bytes that training at a point needs; 0 where nobody asks or knows.</summary>
    public long MemoryOf(double[] point) => Memory is null || MemoryBudget == long.MaxValue ? 0 : Memory(point);

    /// <summary>Whether a point can be trained within the memory budget when nothing else is.</summary>
    public bool Fits(double[] point) => MemoryOf(point) <= MemoryBudget;

    /// <summary>Whether a point may be drawn: neither too dear nor too large.</summary>
    public bool Allows(double[] point) => RelativeCost(point) <= CostLimit && Fits(point);

    /// <summary>Trials drawn to cover the space before anything is learned from them.</summary>
    public int FirstDraws => Math.Clamp(Trials / 4, 4, 6);

    private sealed record StartCost(Func<double[], double> Cost, SweepSpace Space, double Value);
}
