using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Microsoft.ML.NTM.Plotting;

/// <summary>How a line is drawn.</summary>
internal enum LineKind
{
    Solid,
    Dashed,
    Dotted,
}

/// <summary>Points of a line, all above 0.</summary>
/// <param name="Name">What the legend says; empty: nothing.</param>
/// <param name="Ink">The number of its colour.</param>
/// <param name="Kind">How it is drawn; dotted lines have no markers.</param>
/// <param name="Points">The points, from left to right.</param>
internal sealed record LogarithmicLine(string Name, int Ink, LineKind Kind, (double X, double Y)[] Points);

/// <summary>A plot with two logarithmic axes.</summary>
internal sealed record LogarithmicPlot(string XName, string YName, IReadOnlyList<LogarithmicLine> Lines);

public static partial class Figures
{
    private const int CellWidth = 330, CellHeight = 300;

    /// <summary>Plots side by side and under each other, where power laws are straight lines; the first has the legend.</summary>
    /// <param name="rows">Rows of as many plots each.</param>
    /// <param name="theme">Light or dark.</param>
    internal static Figure Logarithmic(IReadOnlyList<IReadOnlyList<LogarithmicPlot>> rows, FigureTheme theme = FigureTheme.Light)
    {
        var inks = Inks.Of(theme);
        Plot Draw(LogarithmicPlot one)
        {
            Plot plot = inks.NewPlot(new PixelPadding(64, 16, 48, 16));
            foreach (LogarithmicLine line in one.Lines)
                Add(plot, line, inks.Curves[line.Ink % inks.Curves.Count]);
            plot.XLabel(one.XName);
            plot.YLabel(one.YName);
            (double X, double Y)[] points = [.. one.Lines.SelectMany(line => line.Points)];
            if (points.Length > 0)
            {
                LogarithmicLeft(plot, Math.Log10(points.Min(point => point.Y)), Math.Log10(points.Max(point => point.Y)));
                plot.Axes.Bottom.TickGenerator = Values([.. points.Select(point => point.X).Distinct().Order()]);
            }
            if (ReferenceEquals(one, rows[0][0]))
                plot.ShowLegend(Alignment.UpperLeft);
            else
                plot.HideLegend();
            return plot;
        }
        (IReadOnlyList<Plot>, int)[] drawn = [.. rows.Select(row => ((IReadOnlyList<Plot>)[.. row.Select(Draw)], CellHeight))];
        return new Figure(rows[0].Count * CellWidth, drawn, inks);
    }

    private static void Add(Plot plot, LogarithmicLine line, Color colour)
    {
        double[] xs = [.. line.Points.Select(point => Math.Log10(point.X))], ys = [.. line.Points.Select(point => Math.Log10(point.Y))];
        Scatter drawn = plot.Add.Scatter(xs, ys);
        drawn.Color = line.Kind == LineKind.Dotted ? colour.WithAlpha(0.6) : colour;
        drawn.LineWidth = line.Kind == LineKind.Dotted ? 1.5f : 2;
        drawn.MarkerSize = line.Kind == LineKind.Solid ? 5 : 0;
        drawn.LinePattern = line.Kind switch
        {
            LineKind.Dashed => LinePattern.Dashed,
            LineKind.Dotted => LinePattern.Dotted,
            _ => LinePattern.Solid,
        };
        if (line.Name.Length > 0)
            drawn.LegendText = line.Name;
    }

    // A tick at each value; where there are many, every second says what it is.
    private static NumericManual Values(double[] values)
    {
        var ticks = new NumericManual();
        int every = values.Length > 6 ? 2 : 1;
        for (int i = 0; i < values.Length; i++)
        {
            if (i % every == 0)
                ticks.AddMajor(Math.Log10(values[i]), values[i].ToString("N0", CultureInfo.InvariantCulture));
            else
                ticks.AddMinor(Math.Log10(values[i]));
        }
        return ticks;
    }
}
