namespace Microsoft.ML.NTM.Training;

/// <summary>
/// What the learning rate is multiplied by at an iteration (counted from 0). A function of the iteration alone, so that a resumed training
/// goes on with the same rates. Schedules multiply: <c>WarmUp(100) * Cosine(10_000)</c>.
/// </summary>
internal sealed class LearningRateSchedule
{
    private readonly Func<long, double> _factor;

    private LearningRateSchedule(Func<long, double> factor) => _factor = factor;

    /// <summary>Always 1.</summary>
    internal static LearningRateSchedule Constant { get; } = new(_ => 1);

    /// <summary>The factor at <paramref name="iteration"/>, at least 0.</summary>
    internal double FactorAt(long iteration) => _factor(iteration);

    /// <summary>
    /// Half a cosine from 1 to <paramref name="floor"/> over <paramref name="iterations"/>, then the floor (arXiv:1608.03983).
    /// </summary>
    internal static LearningRateSchedule Cosine(long iterations, double floor = 0)
    {
        RequirePositive(iterations);
        RequireShare(floor);
        return new(i => i >= iterations ? floor : floor + (1 - floor) * 0.5 * (1 + Math.Cos(Math.PI * i / iterations)));
    }

    /// <summary>A straight line up to 1, from 1 / <paramref name="iterations"/> at the first iteration.</summary>
    internal static LearningRateSchedule WarmUp(long iterations)
    {
        RequirePositive(iterations);
        return new(i => Math.Min(1, (i + 1.0) / iterations));
    }

    /// <summary>Times <paramref name="factor"/> after every <paramref name="iterations"/>.</summary>
    internal static LearningRateSchedule StepDecay(long iterations, double factor)
    {
        RequirePositive(iterations);
        RequireShare(factor);
        return new(i => Math.Pow(factor, i / iterations));
    }

    /// <summary>Smoothly times <paramref name="factor"/> per <paramref name="iterations"/>.</summary>
    internal static LearningRateSchedule ExponentialDecay(long iterations, double factor)
    {
        RequirePositive(iterations);
        RequireShare(factor);
        return new(i => Math.Pow(factor, (double)i / iterations));
    }

    /// <summary>Both at once.</summary>
    public static LearningRateSchedule operator *(LearningRateSchedule left, LearningRateSchedule right) =>
        new(i => left.FactorAt(i) * right.FactorAt(i));

    private static void RequirePositive(long iterations) => ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);

    private static void RequireShare(double value)
    {
        if (value is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A schedule's factor must be from 0 to 1.");
    }
}
