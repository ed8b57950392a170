using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Microsoft.ML.NTM.Plotting;

public static partial class Figures
{
    private const int TraceLeft = 64, TraceRight = 76, TraceTop = 26, TraceGap = 8, TraceAxis = 44;

    /// <summary>
    /// A sequence as the papers show it: inputs, targets, answers and error under each other, then where each head wrote and read, time
    /// from left to right. Of the memory's slots it shows those in use, with their numbers; every value
    /// as it is, with a legend of its colours.
    /// </summary>
    /// <param name="trace">The sequence; it has targets and error where its data has labels.</param>
    /// <param name="theme">Light or dark.</param>
    /// <param name="names">Which series; none: inputs, targets, answers, error, and the weightings and gates of the heads.</param>
    /// <exception cref="ArgumentException">A name is none of the trace's.</exception>
    public static Figure Trace(SequenceTrace trace, FigureTheme theme = FigureTheme.Light, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var inks = Inks.Of(theme);
        TraceSeries[] bands = names is { Length: > 0 } ? [.. names.Select(name => trace[name])]
            : [.. trace.Series.Where(series => PlaceOf(series.Name) >= 0).OrderBy(series => PlaceOf(series.Name))];
        if (bands.Length == 0)
            throw new ArgumentException("The trace has no series to show.", nameof(trace));

        int cell = Math.Clamp(640 / Math.Max(1, trace.Steps), 2, 20), width = TraceLeft + Math.Max(320, trace.Steps * cell) + TraceRight;
        var rows = new List<(Plot, int)>();
        foreach (TraceSeries band in bands)
        {
            bool last = band == bands[^1];
            int[] shown = [.. trace.IsOverSlots(band) ? trace.SlotsInUse : Enumerable.Range(0, band.Width)];
            int data = band.Width == 1 ? 44 : Math.Max(40, shown.Length * Math.Clamp(170 / shown.Length, 3, 14));
            Plot plot = inks.NewPlot(new PixelPadding(TraceLeft, TraceRight, last ? TraceAxis : TraceGap, TraceTop));
            plot.Title(band.Name);
            if (band.Width == 1)
                Line(plot, band, inks);
            else
                Heat(plot, trace, band, shown, inks);
            StepAxis(plot, trace.Steps, last);
            rows.Add((plot, TraceTop + data + (last ? TraceAxis : TraceGap)));
        }
        return new Figure(width, rows, inks);
    }

    // As the papers' figures stand: what goes in, what should come out and does, then writing, then reading.
    private static int PlaceOf(string name) => name switch
    {
        "inputs" => 0,
        "tokens" => 1,
        "targets" => 2,
        "answers" => 3,
        "error" => 4,
        _ when IsHeads(name) => name.StartsWith("write", StringComparison.Ordinal) ? 5 : 6,
        "usage" => 7,
        _ => -1,
    };

    private static bool IsHeads(string name) =>
        name.EndsWith(" weighting", StringComparison.Ordinal) || name.EndsWith(" gate", StringComparison.Ordinal);

    private static void Heat(Plot plot, SequenceTrace trace, TraceSeries band, int[] shown, Inks inks)
    {
        double[,] values = new double[shown.Length, band.Steps];
        for (int step = 0; step < band.Steps; step++)
        {
            for (int i = 0; i < shown.Length; i++)
                values[i, step] = band[step][shown[i]];
        }
        bool weighting = band.Name.EndsWith(" weighting", StringComparison.Ordinal);
        double full = weighting ? 1 : LargestOf(trace, band);
        bool signed = band.Values.ContainsAnyInRange(float.NegativeInfinity, -float.Epsilon);
        Heatmap heat = plot.Add.Heatmap(values);
        heat.Colormap = !weighting ? signed ? inks.Value : inks.Above
            : band.Name.StartsWith("read", StringComparison.Ordinal) ? inks.Read : inks.Write;
        heat.ManualRange = new ScottPlot.Range(signed ? -full : 0, full);
        heat.NaNCellColor = inks.None;
        heat.Rectangle = new CoordinateRect(-0.5, band.Steps - 0.5, -0.5, shown.Length - 0.5);
        heat.RenderStrategy = new Heatmap.RenderStrategies.Rectangles();
        Legend(plot, heat, inks);

        // The first row is the topmost.
        int every = Math.Max(1, (int)Math.Ceiling(shown.Length / 12.0));
        var ticks = new NumericManual();
        for (int i = 0; i < shown.Length; i += every)
            ticks.AddMajor(shown.Length - 1 - i, shown[i].ToString(CultureInfo.InvariantCulture));
        plot.Axes.Left.TickGenerator = ticks;
        plot.YLabel(trace.IsOverSlots(band) ? "slot" : "number");
        plot.Axes.SetLimits(-0.5, band.Steps - 0.5, -0.5, shown.Length - 0.5);
        plot.HideGrid();
    }

    // An error is seen on the scale of what it is an error of.
    private static double LargestOf(SequenceTrace trace, TraceSeries band)
    {
        IEnumerable<TraceSeries> scale = band.Name == "error" ? [trace["targets"], trace["answers"]] : [band];
        double largest = 0;
        foreach (TraceSeries series in scale)
        {
            foreach (float value in series.Values)
            {
                if (float.IsFinite(value))
                    largest = Math.Max(largest, Math.Abs(value));
            }
        }
        return largest > 0 ? largest : 1;
    }

    private static void Legend(Plot plot, Heatmap heat, Inks inks)
    {
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(heat);
        bar.Width = 12;
        bar.Axis.TickLabelStyle.FontSize = 10;
        bar.Axis.TickLabelStyle.ForeColor = bar.Axis.FrameLineStyle.Color = inks.Soft;
        bar.Axis.MajorTickStyle.Color = bar.Axis.MinorTickStyle.Color = inks.Soft;
        ScottPlot.Range range = heat.ManualRange!.Value;
        double[] ends = range.Min < 0 ? [range.Min, 0, range.Max] : [range.Min, range.Max];
        bar.Axis.TickGenerator = new NumericManual(ends, [.. ends.Select(end => end.ToString("G3", CultureInfo.InvariantCulture))]);
    }

    private static void Line(Plot plot, TraceSeries band, Inks inks)
    {
        double[] values = [.. band.Values.ToArray().Select(value => (double)value)];
        Signal line = plot.Add.Signal(values);
        line.Color = band.Name.StartsWith("read", StringComparison.Ordinal) ? inks.Curves[2] : inks.Curves[1];
        line.LineWidth = 2;
        line.MaximumMarkerSize = 0;
        double top = Math.Max(1, values.Max());
        plot.Axes.SetLimits(-0.5, band.Steps - 0.5, Math.Min(0, values.Min()) - 0.05 * top, 1.05 * top);
        plot.Axes.Left.TickGenerator = new NumericManual([0, top], ["0", top.ToString("G3", CultureInfo.InvariantCulture)]);
    }

    private static void StepAxis(Plot plot, int steps, bool labelled)
    {
        int[] nice = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
        int every = nice.FirstOrDefault(step => steps / step <= 20, 2000);
        var ticks = new NumericManual();
        for (int step = 0; step < steps; step += every)
            ticks.AddMajor(step, labelled ? step.ToString(CultureInfo.InvariantCulture) : "");
        plot.Axes.Bottom.TickGenerator = ticks;
        if (labelled)
            plot.XLabel("step");
    }
}
