using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>Series as bands of coloured cells: a column per step, a row per number.</summary>
internal static class TracePicture
{
    private const int Left = 170, Right = 130, Gap = 14, Top = 10, FontSize = 12;

    /// <summary>An SVG file's text.</summary>
    public static string Draw(IReadOnlyList<TraceSeries> bands)
    {
        int steps = bands.Count == 0 ? 1 : bands[0].Steps, width = steps * Math.Clamp(700 / steps, 2, 16), top = Top;
        var body = new StringBuilder();
        foreach (TraceSeries band in bands)
        {
            int height = Math.Max(FontSize + 2, band.Width * Math.Clamp(160 / band.Width, 1, 12));
            (float lowest, float highest) = Range(band);
            string picture = Convert.ToBase64String(Png.Encode(Cells(band, Math.Max(-lowest, highest)), band.Steps, band.Width));
            Text(body, Left - 8, top + height / 2, "end", band.Name);
            body.Append(CultureInfo.InvariantCulture, $"<image x=\"{Left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{picture}\"/>\n");
            body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#999\"/>\n");
            Text(body, Left + width + 8, top + height / 2, "start", string.Create(CultureInfo.InvariantCulture, $"{band.Width} x [{lowest:G3}, {highest:G3}]"));
            top += height + Gap;
        }
        Text(body, Left, top, "start", "step 0");
        Text(body, Left + width, top, "end", $"step {steps - 1}");
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + width + Right}\" height=\"{top + Gap}\" font-family=\"sans-serif\" font-size=\"{FontSize}\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n");
    }

    private static void Text(StringBuilder body, int x, int y, string anchor, string text) =>
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" dominant-baseline=\"middle\">{text}</text>\n");

    // 0 is always among the numbers: it is white.
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

    // RGB, [Width, T]: numbers from top to bottom.
    private static byte[] Cells(TraceSeries band, float largest)
    {
        byte[] cells = new byte[3 * band.Steps * band.Width];
        for (int step = 0; step < band.Steps; step++)
        {
            ReadOnlySpan<float> values = band[step];
            for (int i = 0; i < values.Length; i++)
                Colour(largest > 0 ? values[i] / largest : values[i], cells.AsSpan(3 * (i * band.Steps + step), 3));
        }
        return cells;
    }

    // White at 0, dark blue at 1, dark red at -1, grey where there is nothing.
    private static void Colour(float share, Span<byte> colour)
    {
        if (float.IsNaN(share))
        {
            colour.Fill(0xdd);
            return;
        }
        float strength = Math.Abs(share);
        byte own = (byte)(255 - 135 * strength), other = (byte)(255 - 255 * strength), third = (byte)(255 - 225 * strength);
        (colour[0], colour[1], colour[2]) = share < 0 ? (own, other, third) : (other, third, own);
    }
}
