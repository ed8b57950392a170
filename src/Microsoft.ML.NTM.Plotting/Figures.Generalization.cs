using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Microsoft.ML.NTM.Plotting;

public static partial class Figures
{
    /// <summary>
    /// Errors against length, within what was trained on (shaded) and beyond: of each model the median of the seeds and their spread.
    /// </summary>
    /// <param name="curves">The models.</param>
    /// <param name="longestTrained">The greatest length of the training data.</param>
    /// <param name="lengthName">What length is: "length", "items", "repetitions".</param>
    /// <param name="errorName">What the errors are.</param>
    /// <param name="theme">Light or dark.</param>
    /// <param name="title">What stands above; null: nothing.</param>
    /// <exception cref="ArgumentException">There is nothing to show.</exception>
    public static Figure Generalization(
        IReadOnlyList<LengthCurve> curves, double longestTrained, string lengthName = "length",
        string errorName = "wrong bits per sequence", FigureTheme theme = FigureTheme.Light, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (!curves.Any(curve => curve.Seeds.Any(seed => seed.Count > 0)))
            throw new ArgumentException("There are no lengths to show.", nameof(curves));
        var inks = Inks.Of(theme);
        Plot plot = inks.NewPlot(new PixelPadding(76, 24, 56, title is null ? 20 : 44));
        int[] all = [.. curves.SelectMany(curve => curve.Seeds).SelectMany(seed => seed.Keys).Distinct().Order()];
        HorizontalSpan trained = plot.Add.HorizontalSpan(Math.Min(0, all[0]), longestTrained);
        trained.FillColor = inks.Grid.WithAlpha(0.6);
        trained.LineWidth = 0;
        trained.LegendText = "trained on";
        for (int i = 0; i < curves.Count; i++)
            Errors(plot, curves[i], inks.Curves[i % inks.Curves.Count]);
        plot.XLabel(lengthName);
        plot.YLabel(errorName);
        double[] places = [.. all.Select(length => (double)length)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. all.Select(length => $"{length}")]);
        if (title is not null)
            plot.Title(title);
        plot.ShowLegend(Alignment.UpperLeft);
        return new Figure(PlotWidth, [(plot, PlotHeight)], inks);
    }

    private static void Errors(Plot plot, LengthCurve curve, Color colour)
    {
        int[] lengths = [.. curve.Seeds.SelectMany(seed => seed.Keys).Distinct().Order()];
        if (lengths.Length == 0)
            return;
        double[] at = [.. lengths.Select(length => (double)length)];
        double[][] errors = [.. lengths.Select(length =>
            (double[])[.. curve.Seeds.Where(seed => seed.ContainsKey(length)).Select(seed => seed[length]).Order()])];
        if (curve.Seeds.Count > 1)
        {
            FillY band = plot.Add.FillY(at, [.. errors.Select(some => some[0])], [.. errors.Select(some => some[^1])]);
            band.FillColor = colour.WithAlpha(0.13);
            band.LineWidth = 0;
        }
        Scatter median = plot.Add.Scatter(at, [.. errors.Select(Median)]);
        median.Color = colour;
        median.LineWidth = 2.5f;
        median.MarkerSize = 6;
        median.LegendText = curve.Seeds.Count > 1 ? $"{curve.Name}, median of {curve.Seeds.Count}" : curve.Name;
    }
}
