using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Microsoft.ML.NTM.Plotting;

public static partial class Figures
{
    // Above so many classes the counts no longer fit into their cells.
    private const int MostCounted = 16;

    /// <summary>
    /// Which class was answered where which was right: a row per right class, coloured by the share of the row's answers, with counts.
    /// </summary>
    /// <param name="matrix">Such as <see cref="SequenceMetrics.ConfusionMatrix"/>.</param>
    /// <param name="theme">Light or dark.</param>
    /// <param name="title">What stands above; null: nothing.</param>
    public static Figure Confusion(SequenceConfusionMatrix matrix, FigureTheme theme = FigureTheme.Light, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var inks = Inks.Of(theme);
        int n = matrix.Classes.Count, cell = Math.Clamp(480 / n, 14, 64);
        double[,] shares = new double[n, n];
        for (int right = 0; right < n; right++)
        {
            double sum = matrix.Counts[right].Sum();
            for (int answered = 0; answered < n; answered++)
                shares[right, answered] = sum > 0 ? matrix.Counts[right][answered] / sum : double.NaN;
        }
        int top = title is null ? 20 : 44;
        Plot plot = inks.NewPlot(new PixelPadding(130, 90, 110, top));
        Heatmap heat = plot.Add.Heatmap(shares);
        heat.Colormap = inks.Read;
        heat.ManualRange = new ScottPlot.Range(0, 1);
        heat.NaNCellColor = inks.None;
        heat.RenderStrategy = new Heatmap.RenderStrategies.Rectangles();
        heat.Rectangle = new CoordinateRect(-0.5, n - 0.5, -0.5, n - 0.5);
        Legend(plot, heat, inks);
        for (int right = 0; right < n && n <= MostCounted; right++)
        {
            for (int answered = 0; answered < n; answered++)
            {
                string number = matrix.Counts[right][answered].ToString("G4", CultureInfo.InvariantCulture);
                Text count = plot.Add.Text(number, answered, n - 1 - right);
                count.LabelAlignment = Alignment.MiddleCenter;
                count.LabelFontSize = 11;
                count.LabelFontColor = shares[right, answered] > 0.45 ? inks.Ground : inks.Ink;
            }
        }
        double[] places = [.. Enumerable.Range(0, n).Select(i => (double)i)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. matrix.Classes.Select(Short)]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        plot.Axes.Left.TickGenerator = new NumericManual([.. places.Reverse()], [.. matrix.Classes.Select(Short)]);
        plot.XLabel("answered");
        plot.YLabel("right");
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, n - 0.5, -0.5, n - 0.5);
        if (title is not null)
            plot.Title(title);
        return new Figure(130 + n * cell + 90, [(plot, top + n * cell + 110)], inks);
    }

    private static string Short(string name) => name.Length <= 14 ? name : name[..13] + "…";
}
