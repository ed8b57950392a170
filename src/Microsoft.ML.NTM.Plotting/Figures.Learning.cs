using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Microsoft.ML.NTM.Plotting;

public static partial class Figures
{
    private const double SmallestShown = 1e-6;

    /// <summary>
    /// Loss against sequences seen, on a logarithmic scale: of each model a thin line per seed, the spread of the seeds as a band, and
    /// their median as a thick line. A training that ended before the others keeps its last loss.
    /// </summary>
    /// <param name="curves">The models.</param>
    /// <param name="theme">Light or dark.</param>
    /// <param name="title">What stands above; null: nothing.</param>
    /// <param name="inBits">Whether losses are cross-entropies, shown in bits; else they are shown as they are.</param>
    /// <exception cref="ArgumentException">There is nothing to show.</exception>
    public static Figure LearningCurves(
        IReadOnlyList<LearningCurve> curves, FigureTheme theme = FigureTheme.Light, string? title = null, bool inBits = true)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (!curves.Any(curve => curve.Seeds.Any(seed => seed.Reports.Count > 0)))
            throw new ArgumentException("There are no reports to show.", nameof(curves));
        var inks = Inks.Of(theme);
        Plot plot = inks.NewPlot(new PixelPadding(76, 24, 56, title is null ? 20 : 44));
        for (int i = 0; i < curves.Count; i++)
        {
            Color colour = inks.Curves[i % inks.Curves.Count];
            (double[] Sequences, double[] Losses)[] seeds = [.. curves[i].Seeds.Where(seed => seed.Reports.Count > 0)
                .Select(seed => Points(seed, inBits))];
            if (seeds.Length > 0)
                Curves(plot, curves[i].Name, seeds, colour);
        }
        double[] shown = [.. curves.SelectMany(curve => curve.Seeds).Where(seed => seed.Reports.Count > 0)
            .SelectMany(seed => Points(seed, inBits).Losses).Where(double.IsFinite)];
        LogarithmicLeft(plot, shown.Min(), shown.Max());
        plot.XLabel("sequences seen");
        plot.YLabel(inBits ? "bits per sequence" : "loss per sequence");
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            LabelFormatter = value => value.ToString("N0", CultureInfo.InvariantCulture),
        };
        if (title is not null)
            plot.Title(title);
        plot.ShowLegend(Alignment.UpperRight);
        return new Figure(PlotWidth, [(plot, PlotHeight)], inks);
    }

    private static (double[] Sequences, double[] Losses) Points(TrainingHistory seed, bool inBits) =>
        ([.. seed.Reports.Select(report => (double)report.Sequences)],
        [.. seed.Reports.Select(report => Math.Log10(Math.Max(SmallestShown, report.Loss / (inBits ? Math.Log(2) : 1))))]);

    private static void Curves(Plot plot, string name, (double[] Sequences, double[] Losses)[] seeds, Color colour)
    {
        if (seeds.Length > 1)
        {
            double[] at = [.. seeds.SelectMany(seed => seed.Sequences).Distinct().Order()];
            at = [.. at.Where(sequences => seeds.All(seed => seed.Sequences[0] <= sequences))];
            double[][] losses = [.. at.Select(sequences => (double[])[.. seeds.Select(seed => LossAt(seed, sequences)).Order()])];
            FillY band = plot.Add.FillY(at, [.. losses.Select(some => some[0])], [.. losses.Select(some => some[^1])]);
            band.FillColor = colour.WithAlpha(0.13);
            band.LineWidth = 0;
            foreach ((double[] sequences, double[] one) in seeds)
                Thin(plot.Add.ScatterLine(sequences, one), colour.WithAlpha(0.35), 1);
            Scatter median = plot.Add.ScatterLine(at, [.. losses.Select(Median)]);
            Thin(median, colour, 2.5f);
            median.LegendText = $"{name}, median of {seeds.Length}";
        }
        else
        {
            Scatter line = plot.Add.ScatterLine(seeds[0].Sequences, seeds[0].Losses);
            Thin(line, colour, 2.5f);
            line.LegendText = name;
        }
    }

    // Of numbers in ascending order.
    private static double Median(double[] some) => (some[(some.Length - 1) / 2] + some[some.Length / 2]) / 2;

    // The report at that time, or the one before it.
    private static double LossAt((double[] Sequences, double[] Losses) seed, double sequences)
    {
        int place = Array.BinarySearch(seed.Sequences, sequences);
        return seed.Losses[place >= 0 ? place : ~place - 1];
    }

    private static void Thin(Scatter line, Color colour, float width)
    {
        line.Color = colour;
        line.LineWidth = width;
        line.MarkerSize = 0;
    }

    // The plot holds logarithms; its ticks say what they are of: powers of ten, and 2 and 5 of each where there are few of them; round
    // numbers at the same distance where there would be none.
    private static void LogarithmicLeft(Plot plot, double lowest, double highest)
    {
        var ticks = new NumericManual();
        if (LabelledPlaces(lowest, highest).Count(place => place >= lowest && place <= highest) < 2)
        {
            foreach (double value in RoundValues(Math.Pow(10, lowest), Math.Pow(10, highest)))
                ticks.AddMajor(Math.Log10(value), value.ToString("G4", CultureInfo.InvariantCulture));
            plot.Axes.Left.TickGenerator = ticks;
            return;
        }
        foreach (double place in LabelledPlaces(lowest, highest))
            ticks.AddMajor(place, Math.Pow(10, place).ToString(place < 3 ? "G3" : "N0", CultureInfo.InvariantCulture));
        foreach (double place in Places(lowest, highest, [2, 3, 4, 5, 6, 7, 8, 9]).Except(LabelledPlaces(lowest, highest)))
            ticks.AddMinor(place);
        plot.Axes.Left.TickGenerator = ticks;
    }

    private static double[] LabelledPlaces(double lowest, double highest) =>
        Places(lowest, highest, highest - lowest < 3 ? [1, 2, 5] : [1]);

    private static double[] Places(double lowest, double highest, int[] digits) =>
        [.. from power in Enumerable.Range((int)Math.Floor(lowest) - 1, (int)Math.Ceiling(highest) - (int)Math.Floor(lowest) + 2)
            from digit in digits
            select power + Math.Log10(digit)];

    // Some four of them, one below and one above included: 1, 2 or 5 times a power of ten apart.
    private static IEnumerable<double> RoundValues(double low, double high)
    {
        double least = Math.Max((high - low) / 4, high * 1e-3), power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double step = power * ((least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        for (double at = Math.Floor(low / step); (at - 1) * step < high; at++)
        {
            if (at > 0)
                yield return at * step;
        }
    }
}
