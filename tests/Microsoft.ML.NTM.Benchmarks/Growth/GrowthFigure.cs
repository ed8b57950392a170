using Microsoft.ML.NTM.Plotting;

namespace Microsoft.ML.NTM.Benchmarks.Growth;

/// <summary>The points as one picture: a row of plots per quantity, a column per size.</summary>
internal static class GrowthFigure
{
    private static readonly (string Name, Func<GrowthPoint, double> Of, bool? Training)[] s_rows =
    [
        ("update, ms", point => point.Update, true), ("score, ms", point => point.Score, false),
        ("held, MB", point => point.Bytes / 1e6, null),
    ];

    private static readonly Dictionary<string, string> s_sizes = new()
    {
        ["T"] = "steps T",
        ["N"] = "slots N",
        ["H"] = "units H",
        ["B"] = "rows B",
    };

    /// <summary>Solid lines: one thread; dashed: two; dotted: the operations, from the first point on.</summary>
    public static void Save(IReadOnlyList<GrowthPoint> points, string path)
    {
        var plots = s_rows.Select(row => GrowthSpeed.Sizes.Select(size => new LogarithmicPlot(s_sizes[size.Size], row.Name,
            [.. GrowthSpeed.Networks.Where(network => GrowthSpeed.Has(network, size.Size)).SelectMany(network => Lines(
                [.. points.Where(point => point.Network == network && point.Size == size.Size)], row.Of, row.Training))])).ToArray());
        Figures.Logarithmic([.. plots]).SavePng(path, scale: 1.5);
    }

    private static IEnumerable<LogarithmicLine> Lines(GrowthPoint[] points, Func<GrowthPoint, double> of, bool? training)
    {
        if (points.Length == 0)
            yield break;
        int network = GrowthSpeed.Networks.ToList().IndexOf(points[0].Network);
        string name = Workload.Named(points[0].Network).Network.Kind.ToString().ToUpperInvariant();
        foreach (int threads in new[] { 1, 2 })
        {
            GrowthPoint[] some = [.. points.Where(point => point.Threads == threads).OrderBy(point => point.Value)];
            if (some.Length > 0)
                yield return new($"{name}, {threads}", network, threads == 1 ? LineKind.Solid : LineKind.Dashed, Points(some, of));
            if (threads > 1 || training is null || some.Length == 0)
                continue;
            Func<GrowthPoint, double> operations = GrowthLaws.Operations(training.Value);
            double scale = of(some[0]) / operations(some[0]);
            yield return new("", network, LineKind.Dotted, Points(some, point => scale * operations(point)));
        }
    }

    private static (double X, double Y)[] Points(GrowthPoint[] points, Func<GrowthPoint, double> of) =>
        [.. points.Select(point => ((double)point.Value, of(point)))];
}
