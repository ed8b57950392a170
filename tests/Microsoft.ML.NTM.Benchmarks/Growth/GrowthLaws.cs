namespace Microsoft.ML.NTM.Benchmarks.Growth;

/// <summary>The exponents of growth, next to those of the arithmetic, and where a step from one value to the next costs more.</summary>
internal static class GrowthLaws
{
    // How much faster than the arithmetic time may grow from one value to the next before it is named.
    private const double Noteworthy = 1.3;

    /// <summary>A table of the exponents, and a list of what grows faster than its operations.</summary>
    public static void Print(IReadOnlyList<GrowthPoint> points)
    {
        Console.WriteLine("| | threads | update | operations | score | operations | bytes |\n| --- | --- | --- | --- | --- | --- | --- |");
        var notes = new List<string>();
        foreach (var group in points.GroupBy(point => (point.Network, point.Size, point.Threads)))
        {
            (string network, string size, int threads) = group.Key;
            GrowthPoint[] line = [.. group.OrderBy(point => point.Value)];
            string Exponent(Func<GrowthPoint, double> of) => $"{Slope(line, of):F2}";
            Console.WriteLine($"| {network}, {size} | {threads} | {Exponent(point => point.Update)} | {Exponent(Operations(true))} | "
                + $"{Exponent(point => point.Score)} | {Exponent(Operations(false))} | {Exponent(point => point.Bytes)} |");
            for (int i = 1; i < line.Length; i++)
            {
                Note("update", point => point.Update, Operations(true));
                Note("score", point => point.Score, Operations(false));

                void Note(string what, Func<GrowthPoint, double> time, Func<GrowthPoint, double> operations)
                {
                    double excess = time(line[i]) / time(line[i - 1]) / (operations(line[i]) / operations(line[i - 1]));
                    if (excess > Noteworthy)
                    {
                        notes.Add($"- {network}, {what}, {threads} threads: {size} {line[i - 1].Value} to {line[i].Value} takes "
                            + $"{excess:F2} times what its operations say ({Rate(line[i - 1]):F0} to {Rate(line[i]):F0} GFLOP/s)");
                    }
                    double Rate(GrowthPoint point) => operations(point) / time(point) / 1e6;
                }
            }
        }
        Console.WriteLine($"\n{string.Join('\n', notes)}");
    }

    /// <summary>Operations of an update or of scoring at a point.</summary>
    public static Func<GrowthPoint, double> Operations(bool training) => point =>
    {
        (Workload workload, int rows) = GrowthSpeed.Of(point.Network, point.Size, point.Value);
        return rows * workload.Operations(training);
    };

    // Of the line through the logarithms.
    private static double Slope(GrowthPoint[] line, Func<GrowthPoint, double> of)
    {
        double[] x = [.. line.Select(point => Math.Log(point.Value))], y = [.. line.Select(point => Math.Log(of(point)))];
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
