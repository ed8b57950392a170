using ScottPlot;
using SkiaSharp;

namespace Microsoft.ML.NTM.Plotting;

/// <summary>
/// A theme's colours. Blue is above 0, red below; teal is read, amber written; curves have colours that colour-blind eyes tell apart.
/// </summary>
internal sealed class Inks
{
    private static readonly Inks s_light = new()
    {
        Ground = Hex("#ffffff"),
        Ink = Hex("#16191d"),
        Soft = Hex("#5d6673"),
        Grid = Hex("#e6e9ed"),
        None = Hex("#dfe3e8"),
        Value = Scale("#7d1128", "#c8394a", "#efa59b", "#f4f5f7", "#9cc3ec", "#2f6fc9", "#0b2f73"),
        Above = Scale("#f4f5f7", "#9cc3ec", "#2f6fc9", "#0b2f73"),
        Read = Scale("#f4f5f7", "#a7dcd5", "#2a9d90", "#0f5f58", "#063a36"),
        Write = Scale("#f4f5f7", "#f6d59a", "#e08a1e", "#9a4a06", "#5c2a02"),
        Curves = [Hex("#1d4ed8"), Hex("#c2410c"), Hex("#0f766e"), Hex("#a21caf"), Hex("#57534e"), Hex("#b7950b")],
    };

    private static readonly Inks s_dark = new()
    {
        Ground = Hex("#0d1117"),
        Ink = Hex("#e8eaee"),
        Soft = Hex("#9aa4b2"),
        Grid = Hex("#242b35"),
        None = Hex("#2b313b"),
        Value = Scale("#ffc3b8", "#f0705f", "#8a3238", "#1c2129", "#24508f", "#5b9bf0", "#cfe4ff"),
        Above = Scale("#1c2129", "#24508f", "#5b9bf0", "#cfe4ff"),
        Read = Scale("#1c2129", "#13514c", "#1a9a8c", "#5fe3d3", "#d6fff9"),
        Write = Scale("#1c2129", "#5d3c0b", "#c07d12", "#fcc74a", "#fff1cf"),
        Curves = [Hex("#7aa7ff"), Hex("#ff9f5a"), Hex("#2dd4bf"), Hex("#e28bf0"), Hex("#b8b3ad"), Hex("#f0d264")],
    };

    // What the machine has of the fonts that figures are set in.
    private static readonly string s_font = new[] { "Open Sans", "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans" }
        .FirstOrDefault(name => SKFontManager.Default.FontFamilies.Contains(name), Fonts.Default);

    public required Color Ground { get; init; }

    public required Color Ink { get; init; }

    public required Color Soft { get; init; }

    public required Color Grid { get; init; }

    /// <summary>Where there is no number.</summary>
    public required Color None { get; init; }

    /// <summary>From below 0 through 0 in the middle to above.</summary>
    public required IColormap Value { get; init; }

    /// <summary>The upper half of <see cref="Value"/>: from 0 up.</summary>
    public required IColormap Above { get; init; }

    /// <summary>From 0 up.</summary>
    public required IColormap Read { get; init; }

    /// <summary>From 0 up.</summary>
    public required IColormap Write { get; init; }

    public required IReadOnlyList<Color> Curves { get; init; }

    public static Inks Of(FigureTheme theme) => theme == FigureTheme.Dark ? s_dark : s_light;

    /// <summary>A plot in these colours; its data area keeps its distance from the edges, so that plots are aligned.</summary>
    public Plot NewPlot(PixelPadding padding)
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Ground;
        plot.DataBackground.Color = Ground;
        plot.Axes.Color(Soft);
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Left.Label.FontSize = plot.Axes.Bottom.Label.FontSize = 12;
        plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.TickLabelStyle.FontSize = plot.Axes.Bottom.TickLabelStyle.FontSize = 10;
        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = false;
        plot.Grid.MajorLineColor = Grid;
        plot.Legend.BackgroundColor = Ground;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineColor = Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Layout.Fixed(padding);
        plot.Font.Set(s_font);
        return plot;
    }

    private static Color Hex(string text) => Color.FromHex(text);

    private static Stops Scale(params string[] stops) => new([.. stops.Select(Hex)]);

    /// <summary>Colours along stops at equal distances.</summary>
    private sealed class Stops(Color[] stops) : IColormap
    {
        public string Name => "Stops";

        public Color GetColor(double position)
        {
            if (double.IsNaN(position))
                return Colors.Transparent;
            double place = Math.Clamp(position, 0, 1) * (stops.Length - 1);
            int low = Math.Min(stops.Length - 2, (int)place);
            return stops[low].InterpolateRgb(stops[low + 1], place - low);
        }
    }
}
