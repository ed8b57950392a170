using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>
/// Series as bands of coloured cells: a column per step, a row per number. Cells are shapes, so they are sharp at every size; the ground is
/// transparent, and the colours follow the viewer's light or dark theme.
/// </summary>
internal static class TracePicture
{
    private const int Left = 176, Right = 120, Gap = 12, Top = 10, FontSize = 12, Tick = 40;

    // Shades of a colour over the band's ground; 0 has none.
    private const int Shades = 24;

    /// <summary>An SVG file's text.</summary>
    public static string Draw(SequenceTrace trace, IReadOnlyList<TraceSeries> bands)
    {
        int steps = Math.Max(1, trace.Steps), cell = Math.Clamp(720 / steps, 2, 18), width = steps * cell, top = Top;
        var body = new StringBuilder();
        foreach (TraceSeries band in bands)
        {
            int[] rows = [.. trace.IsOverSlots(band) ? trace.SlotsInUse : Enumerable.Range(0, band.Width)];
            int cellHeight = Math.Clamp(168 / rows.Length, 3, 14), height = rows.Length * cellHeight;
            Label(body, trace, band, rows, cellHeight, top);
            body.Append(Invariant($"<rect class=\"ground\" x=\"{Left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>\n"));
            (float lowest, float highest) = Range(band);
            float full = Math.Max(-lowest, highest);
            Cells(body, band, rows, full, (Left, top), (cell, cellHeight));
            Legend(body, ClassOf(band), lowest, highest, full, Left + width + 12, top + height / 2);
            top += height + Gap;
        }
        for (int step = 0; step < steps; step += StepsPerTick(cell))
            Text(body, Left + step * cell + cell / 2, top, "middle", Invariant($"{step}"), "soft");
        Text(body, Left - 10, top, "end", "step", "soft");
        return Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + width + Right}\" height=\"{top + Gap}\" ")
            + Invariant(
                $"viewBox=\"0 0 {Left + width + Right} {top + Gap}\" font-family=\"system-ui, sans-serif\" font-size=\"{FontSize}\">\n")
            + TracePictureTheme.Style + body + "</svg>\n";
    }

    private static string ClassOf(TraceSeries band) => !band.Name.EndsWith("weighting", StringComparison.Ordinal) ? "value"
        : band.Name.StartsWith("read", StringComparison.Ordinal) ? "read" : "write";

    // The name, how many rows, and which: every row's number where there is room, else the first and the last.
    private static void Label(StringBuilder body, SequenceTrace trace, TraceSeries band, int[] rows, int cellHeight, int top)
    {
        int middle = top + rows.Length * cellHeight / 2;
        bool tall = rows.Length * cellHeight >= 30;
        Text(body, Left - 34, tall ? middle - 8 : middle, "end", band.Name, "name");
        if (tall)
        {
            string what = trace.IsOverSlots(band)
                ? rows.Length < band.Width ? Invariant($"{rows.Length} of {band.Width} slots") : Invariant($"{band.Width} slots")
                : Invariant($"{band.Width} numbers");
            Text(body, Left - 34, middle + 8, "end", what, "soft");
        }
        if (rows.Length == 1)
            return;
        int every = Enumerable.Range(1, rows.Length).First(n => n * cellHeight >= FontSize - 1);
        for (int i = 0; i < rows.Length; i += every)
            Text(body, Left - 6, top + i * cellHeight + cellHeight / 2, "end", Invariant($"{rows[i]}"), "axis");
    }

    // A path per shade: all its cells, neighbours in time as one rectangle.
    private static void Cells(StringBuilder body, TraceSeries band, int[] rows, float full, (int X, int Y) at, (int Width, int Height) cell)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        for (int row = 0; row < rows.Length; row++)
        {
            for (int step = 0, next; step < band.Steps; step = next)
            {
                int shade = Shade(band[step][rows[row]], full);
                for (next = step + 1; next < band.Steps && Shade(band[next][rows[row]], full) == shade; next++)
                {
                }
                if (shade == 0)
                    continue;
                if (!paths.TryGetValue(shade, out StringBuilder? path))
                    paths.Add(shade, path = new StringBuilder());
                int width = (next - step) * cell.Width;
                path.Append(Invariant($"M{at.X + step * cell.Width} {at.Y + row * cell.Height}h{width}v{cell.Height}h-{width}z"));
            }
        }
        foreach ((int shade, StringBuilder path) in paths)
        {
            string kind = shade == int.MaxValue ? "none" : shade < 0 ? "below" : ClassOf(band);
            double opacity = shade == int.MaxValue ? 1 : Math.Abs(shade) / (double)Shades;
            body.Append(Invariant($"<path class=\"{kind}\" fill-opacity=\"{opacity:0.###}\" d=\"{path}\"/>\n"));
        }
    }

    // -Shades .. Shades, in proportion to the value; what is no number has a shade of its own.
    private static int Shade(float value, float full) =>
        float.IsNaN(value) ? int.MaxValue : full > 0 ? (int)MathF.Round(Math.Clamp(value / full, -1, 1) * Shades) : 0;

    private static void Legend(StringBuilder body, string kind, float lowest, float highest, float full, int x, int middle)
    {
        const int Parts = 12, Width = 5;
        for (int part = 0; part < Parts && full > 0; part++)
        {
            int shade = Shade(lowest + (highest - lowest) * part / (Parts - 1), full);
            string colour = shade < 0 ? "below" : kind;
            body.Append(Invariant($"<rect class=\"ground\" x=\"{x + part * Width}\" y=\"{middle - 9}\" width=\"{Width}\" height=\"8\"/>"));
            body.Append(Invariant($"<rect class=\"{colour}\" fill-opacity=\"{Math.Abs(shade) / (double)Shades:0.###}\" "));
            body.Append(Invariant($"x=\"{x + part * Width}\" y=\"{middle - 9}\" width=\"{Width}\" height=\"8\"/>\n"));
        }
        Text(body, x, middle + 8, "start", Invariant($"{lowest:G3}"), "axis");
        Text(body, x + Parts * Width, middle + 8, "end", Invariant($"{highest:G3}"), "axis");
    }

    private static void Text(StringBuilder body, int x, int y, string anchor, string text, string kind) =>
        body.Append(Invariant($"<text class=\"{kind}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" dy=\".35em\">{text}</text>\n"));

    private static int StepsPerTick(int cell)
    {
        int[] nice = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
        return nice.FirstOrDefault(steps => steps * cell >= Tick, 2000);
    }

    // 0 is always among the numbers.
    private static (float Lowest, float Highest) Range(TraceSeries band)
    {
        float lowest = 0, highest = 0;
        foreach (float value in band.Values)
        {
            if (float.IsFinite(value))
                (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
        }
        return (lowest, highest);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
