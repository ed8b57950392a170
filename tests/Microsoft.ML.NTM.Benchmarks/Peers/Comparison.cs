namespace Microsoft.ML.NTM.Benchmarks.Peers;

/// <summary>Two runs of history side by side: what became faster or slower by more than both of them spread.</summary>
internal static class Comparison
{
    /// <summary>Prints a line per measurement that both have, and what only one has.</summary>
    public static void Print(BenchmarkRun before, BenchmarkRun after)
    {
        Console.WriteLine($"A: {before}\nB: {after}\n");
        Console.WriteLine("| | A, ms | B, ms | A / B | the ceiling's A / B | |\n| --- | --- | --- | --- | --- | --- |");
        var old = before.Measurements.ToDictionary(one => one.Key);
        var ceilings = after.Measurements.Where(one => one.Engine == PeerTable.Ceiling).ToDictionary(
            one => (one.Network, one.Batch, one.Threads),
            one => old.TryGetValue(one.Key, out Measurement? was) ? was.Time.Median / one.Time.Median : double.NaN);
        int faster = 0, slower = 0;
        foreach (Measurement now in after.Measurements.Where(one => old.ContainsKey(one.Key) && one.Engine != PeerTable.Ceiling))
        {
            Timing was = old[now.Key].Time;
            double ceiling = ceilings.GetValueOrDefault((now.Network, now.Batch, now.Threads), double.NaN);
            int verdict = Verdict(was, now.Time);
            (faster, slower) = (faster + Math.Max(verdict, 0), slower + Math.Max(-verdict, 0));
            Console.WriteLine($"| {now.Key} | {was.Median:G4} | {now.Time.Median:G4} | {was.Median / now.Time.Median:F2} | {ceiling:F2} | "
                + (verdict > 0 ? "faster |" : verdict < 0 ? "slower |" : "|"));
        }
        var keys = after.Measurements.Select(one => one.Key).ToHashSet();
        Console.WriteLine($"\n{faster} faster, {slower} slower by more than both spread; "
            + $"{keys.Count(key => !old.ContainsKey(key))} only in B, {old.Keys.Count(key => !keys.Contains(key))} only in A");
    }

    /// <summary>1 where all middle rounds of the second are below those of the first, -1 where they are above, else 0.</summary>
    public static int Verdict(Timing before, Timing after) => after.High < before.Low ? 1 : after.Low > before.High ? -1 : 0;
}
