using System.Diagnostics;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What one variant took per call: median, quartiles and least of its rounds, in milliseconds.</summary>
internal sealed record Timing(double Median, double Low, double High, double Least)
{
    /// <summary>Of rounds in any order.</summary>
    public static Timing Of(List<double> rounds)
    {
        rounds.Sort();
        double At(int index) => Math.Round(rounds[index], 6);
        return new Timing(At(rounds.Count / 2), At(rounds.Count / 4), At(rounds.Count * 3 / 4), At(0));
    }

    public override string ToString() => $"{Median,9:F3} ms ({Low:F3}-{High:F3}, least {Least:F3})";
}

/// <summary>Times variants of the same work against one another: all are warmed up, then they take turns.</summary>
internal static class Stopwatches
{
    private const double WarmUpSeconds = 0.7;
    private const double RoundSeconds = 0.1;

    // What takes longer has fewer rounds, but at least three.
    private const double MostSeconds = 3;
    private const int FewestRounds = 3;

    /// <summary>A timing per variant.</summary>
    public static Timing[] Compare(Action[] variants, int rounds = 11)
    {
        int[] calls = [.. variants.Select(WarmUp)];
        var samples = variants.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int v = 0; v < variants.Length; v++)
            {
                if (round < FewestRounds || samples[v].Sum() * calls[v] / 1000 < MostSeconds)
                    samples[v].Add(Time(variants[v], calls[v]));
            }
        }
        return [.. samples.Select(Timing.Of)];
    }

    // Returns how many calls make a round.
    private static int WarmUp(Action variant)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            variant();
            calls++;
        }
        return Math.Max(1, (int)(RoundSeconds / (Time(variant, Math.Max(1, calls / 10)) / 1000)));
    }

    private static double Time(Action variant, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            variant();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
    }
}
