using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What training at a point would be like.</summary>
/// <param name="Regret">The loss at its end without noise, 0 at the best point there is.</param>
/// <param name="Plateau">The share of the training in which nothing is learned; 1 and more: nothing ever is.</param>
/// <param name="Rate">How fast the loss falls then: the exponent of the exponential.</param>
/// <param name="Cost">What it costs, in trainings of the start.</param>
/// <param name="Noise">Standard deviation of the logarithm of what is measured.</param>
internal readonly record struct SurrogateTraining(double Regret, double Plateau, double Rate, double Cost, double Noise)
{
    /// <summary>The loss after a share of the training; it begins at 1 and ends at <see cref="Regret"/>.</summary>
    public double LossAt(double share)
    {
        if (share <= Plateau)
            return 1;
        double end = Math.Exp(-Rate), fallen = (Math.Exp(-Rate * (share - Plateau) / (1 - Plateau)) - end) / (1 - end);
        return Regret + (1 - Regret) * fallen;
    }
}

/// <summary>
/// A family of made-up objectives over a space; a seed puts the optimum somewhere near the start. Shapes are what trainings of recurrent
/// networks show: most of the effect from the learning rate, a cliff where it diverges, plateaus before learning begins, larger networks
/// slower but better, settings that matter only with others.
/// </summary>
internal sealed class SweepLandscape(
    string name, bool forChoosing, SweepSpace space, Func<SweepLandscape.Placed, double[], SurrogateTraining> train)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the sampler's constants were chosen on it; results are reported on the others.</summary>
    public bool ForChoosing { get; } = forChoosing;

    /// <summary>What is varied.</summary>
    public SweepSpace Space { get; } = space;

    /// <summary>The objective that a seed makes.</summary>
    public Func<double[], SurrogateTraining> Of(int seed)
    {
        var placed = new Placed(Space, new SeededRandom(seed, Name));
        return point => train(placed, placed.Units(point));
    }

    /// <summary>Eight of them: four to choose by, four to report.</summary>
    public static IEnumerable<SweepLandscape> All()
    {
        yield return new("bowl", true, Small(), (at, u) =>
            new(1 - Math.Exp(-at.Distance(u, 8, 2, 3, 1, 1, 0.5)), 0, 3, CostOf(u), 0.05));
        yield return new("two basins", true, Small(), (at, u) => new(Math.Min(1 - Math.Exp(-3 * at.Distance(u, 8, 3, 3, 2, 1, 0.5)),
            1 - 0.7 * Math.Exp(-at.OtherDistance(u, 4, 1, 2, 1, 0.5, 0.5))), 0.05, 3, CostOf(u), 0.05));
        yield return new("kinds", true, Kinds(), KindsAt);
        yield return new("crossing curves", true, Small(), (at, u) => new(
            1 - Math.Exp(-at.Distance(u, 6, 1, 0, 1, 1, 0.5) - 2 * Square(1 - u[2])), 0.45 * u[2] + 0.2 * (1 - u[0]), 2, CostOf(u), 0.05));
        yield return new("plateaus", false, Memory(), (at, u) => new(1 - Math.Exp(-at.Distance(u, 3, 1, 2, 1, 0.5, 3, 1)),
            0.15 + 2 * at.Distance(u, 6, 0, 1, 0, 0, 2, 0), 4, CostOf(u), 0.1));
        yield return new("ridge", false, Small(), (at, u) => new(1 - Math.Exp(-25 * Square(at.From(u, 0) - 0.8 * at.From(u, 1)
            + 0.3 * at.From(u, 3)) - at.Distance(u, 1, 1, 2, 0.5, 0.5, 0)), 0.05, 3, CostOf(u), 0.05));
        yield return new("noise", false, Memory(), (at, u) => new(1 - 0.97 * Math.Exp(-at.Distance(u, 8, 0, 3, 0, 0, 0, 0)), 0, 3,
            CostOf(u), 0.3));
        yield return new("cliff", false, Small(), (at, u) => new(
            at.From(u, 0) > 0.04 + 0.1 * at.From(u, 3) ? double.NaN : 1 - Math.Exp(-at.Distance(u, 8, 2, 2, 2, 1, 0.5)), 0.05, 3,
            CostOf(u), 0.05));
    }

    private static SweepSpace Small() => SweepSpace.Empty
        .Range("LearningRate", 1e-4, 3e-2, 1e-3, logarithmic: true)
        .Range("BatchSize", 4, 64, 16, logarithmic: true)
        .Range("Units", 16, 256, 48, logarithmic: true)
        .Range("Clip", 0.1, 10, 1, logarithmic: true)
        .Range("Dropout", 0, 0.5, 0.1)
        .Range("Decay", 1e-6, 1e-2, 1e-4, logarithmic: true);

    private static SweepSpace Memory() => Small().Range("Slots", 8, 128, 32, logarithmic: true);

    private static SweepSpace Kinds() => Small().Without("Decay").Without("Dropout")
        .Choice("Kind", "ntm", "dnc", "lstm")
        .Range("Slots", 8, 128, 32, logarithmic: true).OnlyWhen("Slots", "Kind", "ntm", "dnc")
        .Range("Heads", 1, 4, 1).OnlyWhen("Heads", "Kind", "dnc")
        .Range("Layers", 1, 3, 1).OnlyWhen("Layers", "Kind", "lstm");

    // One kind is the best, and another than the start's is in two seeds of three; each has a best rate of its own.
    private static SurrogateTraining KindsAt(Placed at, double[] u)
    {
        int rank = ((int)u[4] + at.Turn) % 3;
        double own = double.IsNaN(u[5]) ? 0 : at.From(u, 5), more = double.IsNaN(u[6]) ? 0 : at.From(u, 6);
        double regret = 1 - (1 - 0.2 * rank) * Math.Exp(-8 * Square(at.From(u, 0) - 0.12 * (rank - 1)) - at.Distance(u, 0, 1, 3, 1)
            - 3 * own * own - more * more);
        return new(regret, 0.1, 3, (u[4] == 1 ? 2 : 1) * CostOf(u), 0.05);
    }

    // Square-root of the batch's advantage, and what grows faster than the units but slower than their square.
    private static double CostOf(double[] u) => Math.Pow(256.0 / 16, 1.5 * (u[2] - 0.4)) * Math.Pow(16, -0.3 * (u[1] - 0.5));

    private static double Square(double x) => x * x;

    /// <summary>Where a seed puts the best.</summary>
    internal sealed class Placed
    {
        private readonly SweepSpace _space;
        private readonly double[] _best, _other;

        public Placed(SweepSpace space, SeededRandom random)
        {
            _space = space;
            double[] Near() => [.. Units(space.Start).Select(unit =>
                Math.Clamp((double.IsNaN(unit) ? 0.5 : unit) + 0.25 * Surrogate.Normal(random), 0.08, 0.92))];
            (_best, _other) = (Near(), Near());
            Turn = random.NextInt(3);
        }

        /// <summary>0, 1 or 2: which of three is the best.</summary>
        public int Turn { get; }

        /// <summary>Where numbers stand in their ranges; choices as they are.</summary>
        public double[] Units(double[] point) => [.. point.Select((value, i) => double.IsNaN(value) || _space.Parameters[i].IsChoice ? value
            : _space.Parameters[i].ToUnit(value))];

        /// <summary>How far a parameter is above its best.</summary>
        public double From(double[] units, int i) => units[i] - _best[i];

        /// <summary>The weighted squared distance from the best.</summary>
        public double Distance(double[] units, params double[] weights) => Sum(units, _best, weights);

        /// <summary>The same from another place.</summary>
        public double OtherDistance(double[] units, params double[] weights) => Sum(units, _other, weights);

        private static double Sum(double[] units, double[] from, double[] weights)
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
                sum += weights[i] * Square(units[i] - from[i]);
            return sum;
        }
    }
}
