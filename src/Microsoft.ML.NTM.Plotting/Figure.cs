using ScottPlot;
using SkiaSharp;

namespace Microsoft.ML.NTM.Plotting;

/// <summary>A finished figure, to be saved as a picture: plots under each other, or in rows of as many each.</summary>
public sealed class Figure
{
    private readonly IReadOnlyList<(IReadOnlyList<Plot> Plots, int Height)> _rows;
    private readonly Inks _inks;

    internal Figure(int width, IReadOnlyList<(Plot Plot, int Height)> rows, Inks inks)
        : this(width, [.. rows.Select(row => ((IReadOnlyList<Plot>)[row.Plot], row.Height))], inks)
    {
    }

    /// <summary>Rows whose plots share its width.</summary>
    internal Figure(int width, IReadOnlyList<(IReadOnlyList<Plot> Plots, int Height)> rows, Inks inks)
    {
        (Width, _rows, _inks) = (width, rows, inks);
        Height = rows.Sum(row => row.Height);
    }

    /// <summary>Width in points: pixels of a PNG file at scale 1, units of an SVG file.</summary>
    public int Width { get; }

    /// <summary>Height in points.</summary>
    public int Height { get; }

    /// <summary>Saves the figure as pixels.</summary>
    /// <param name="path">The .png file.</param>
    /// <param name="scale">Pixels per point, above 0 and at most 8; 2 is sharp on most screens.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range.</exception>
    public void SavePng(string path, double scale = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, 8);
        var size = new SKImageInfo((int)Math.Ceiling(Width * scale), (int)Math.Ceiling(Height * scale));
        using SKSurface surface = SKSurface.Create(size);
        surface.Canvas.Scale((float)scale);
        Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream file = File.Create(path);
        png.SaveTo(file);
    }

    /// <summary>Saves the figure as shapes, which are sharp at every size.</summary>
    /// <param name="path">The .svg file.</param>
    public void SaveSvg(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.Create(path);
        using SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), file);
        Draw(canvas);
    }

    private void Draw(SKCanvas canvas)
    {
        using var ground = new SKPaint { Color = SKColor.Parse(_inks.Ground.ToHex()) };
        canvas.DrawRect(SKRect.Create(Width, Height), ground);
        int top = 0;
        foreach ((IReadOnlyList<Plot> plots, int height) in _rows)
        {
            for (int i = 0; i < plots.Count; i++)
                Draw(canvas, plots[i], new PixelRect(i * Width / plots.Count, (i + 1) * Width / plots.Count, top + height, top));
            top += height;
        }
    }

    private static void Draw(SKCanvas canvas, Plot plot, PixelRect place)
    {
        // The first rendering of a plot with a legend finds its axes and is followed by another: that is not for the file.
        plot.RenderInMemory((int)place.Width, (int)place.Height);

        // A plot clears its ground, which without this would be the whole canvas.
        canvas.Save();
        canvas.ClipRect(SKRect.Create(place.Left, place.Top, place.Width, place.Height));
        plot.Render(canvas, place);
        canvas.Restore();
    }
}
