using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>Chooses the next point from the trials so far. The same trials and the same random numbers give the same point.</summary>
internal interface ISampler
{
    /// <summary>A point of the space that is not too dear.</summary>
    double[] Next(IReadOnlyList<TrialRecord> trials, SeededRandom random);
}

/// <summary>Points drawn evenly over the space.</summary>
internal static class Draws
{
    private const int Tries = 200;

    /// <summary>A point that is not too dear; where nothing drawn is cheap enough, the cheapest of them.</summary>
    public static double[] Within(SweepPlan plan, SeededRandom random) => Cheapest(plan, () => Any(plan.Space, random));

    /// <summary>
    /// The first of <paramref name="draw"/>'s points that is neither too dear nor too large, else the cheapest of those that fit, or of
    /// all.
    /// </summary>
    public static double[] Cheapest(SweepPlan plan, Func<double[]> draw)
    {
        double[] cheapest = draw();
        double least = BurdenOf(plan, cheapest);
        for (int i = 0; i < Tries && !(least <= plan.CostLimit && double.IsFinite(least)); i++)
        {
            double[] point = draw();
            double burden = BurdenOf(plan, point);
            if (!(least <= burden))
                (cheapest, least) = (point, burden);
        }
        return cheapest;
    }

    // What does not fit is worse than whatever is dear.
    private static double BurdenOf(SweepPlan plan, double[] point) =>
        plan.Fits(point) ? plan.RelativeCost(point) : double.PositiveInfinity;

    private static double[] Any(SweepSpace space, SeededRandom random)
    {
        double[] point = new double[space.Parameters.Count];
        for (int i = 0; i < point.Length; i++)
        {
            SweepParameter parameter = space.Parameters[i];
            point[i] = parameter.IsChoice ? random.NextInt(parameter.Choices.Count) : parameter.FromUnit(random.NextDouble());
        }
        return space.Settle(point);
    }
}

/// <summary>The reference: whatever happened, any point.</summary>
internal sealed class RandomSampler(SweepPlan plan) : ISampler
{
    /// <inheritdoc/>
    public double[] Next(IReadOnlyList<TrialRecord> trials, SeededRandom random) => Draws.Within(plan, random);
}

/// <summary>
/// The draws that cover the space before anything is known: a Latin hypercube (McKay et al. 1979), each parameter cut into as many parts as
/// there are draws and each part used once. The cheapest come first, so that there is something to learn from soon.
/// </summary>
internal static class FirstDesign
{
    /// <summary>Draw <paramref name="index"/>; where it is too dear, another point instead.</summary>
    public static double[] Draw(SweepPlan plan, int index)
    {
        int draws = plan.FirstDraws;
        var random = new SeededRandom(plan.Seed, "first draws");
        double[][] points = [.. Enumerable.Range(0, draws).Select(_ => new double[plan.Space.Parameters.Count])];
        for (int p = 0; p < plan.Space.Parameters.Count; p++)
        {
            SweepParameter parameter = plan.Space.Parameters[p];
            int[] parts = [.. Enumerable.Range(0, draws)];
            for (int i = draws - 1; i > 0; i--)
            {
                int other = random.NextInt(i + 1);
                (parts[i], parts[other]) = (parts[other], parts[i]);
            }
            for (int i = 0; i < draws; i++)
                points[i][p] = parameter.FromUnit((parts[i] + random.NextDouble()) / draws);
        }
        for (int i = 0; i < draws; i++)
        {
            plan.Space.Settle(points[i]);
            if (!plan.Allows(points[i]))
                points[i] = Draws.Within(plan, random);
        }
        return points.OrderBy(plan.RelativeCost).ElementAt(index);
    }
}
