using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// The right side of a matrix product, [K, columns], cut into panels of two vectors of columns so that a product reads it in one stream:
/// panel, then k, then column. Columns beyond the last are 0.
/// </summary>
internal sealed unsafe class PackedMatrix(int rows, int columns, int panelWidth)
{
    private readonly PinnedBuffer _values = new((long)((columns + panelWidth - 1) / panelWidth) * panelWidth * rows);

    /// <summary>K.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns of the product.</summary>
    public int Columns { get; } = columns;

    /// <summary>Columns of a panel.</summary>
    public int PanelWidth { get; } = panelWidth;

    /// <summary>How many panels there are.</summary>
    public int Panels => (Columns + PanelWidth - 1) / PanelWidth;

    /// <summary>Where a panel starts: [K, PanelWidth].</summary>
    public float* Panel(int panel) => _values.Pointer + (nint)panel * Rows * PanelWidth;

    /// <summary>
    /// Columns <paramref name="column"/> .. of this matrix are those of <paramref name="source"/>: [Rows, count], row-major. Its rows
    /// <paramref name="first"/> .. are taken.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public void SetColumns(float* source, int stride, int column, int count, int first, int rows)
    {
        int done = 0;
        while (done < count)
        {
            int at = column + done, width = Math.Min(PanelWidth - at % PanelWidth, count - done);
            float* to = Panel(at / PanelWidth) + at % PanelWidth + (nint)first * PanelWidth;
            float* from = source + done + (nint)first * stride;
            for (int k = 0; k < rows; k++)
            {
                new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, width));
                from += stride;
                to += PanelWidth;
            }
            done += width;
        }
    }

    /// <summary>
    /// Rows <paramref name="row"/> .. of this matrix are columns of <paramref name="source"/>: [columns, count], row-major. Its rows
    /// <paramref name="first"/> .. are taken, from a multiple of four on.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public void SetRowsTransposed(float* source, int stride, int row, int count, int first, int columns)
    {
        int column = first, end = first + columns;
        for (; column + 4 <= end; column += 4)
        {
            // Four columns never cross a panel's edge: a panel is a multiple of four wide.
            float* to = Panel(column / PanelWidth) + row * PanelWidth + column % PanelWidth;
            float* from = source + (nint)column * stride;
            int k = 0;
            for (; k + 4 <= count; k += 4)
                Transpose(from + k, stride, to + k * PanelWidth, PanelWidth);
            for (; k < count; k++)
            {
                for (int c = 0; c < 4; c++)
                    to[k * PanelWidth + c] = from[c * stride + k];
            }
        }
        for (; column < end; column++)
        {
            float* to = Panel(column / PanelWidth) + row * PanelWidth + column % PanelWidth;
            for (int k = 0; k < count; k++)
                to[k * PanelWidth] = source[(nint)column * stride + k];
        }
    }

    // 4 x 4
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* from, int fromStride, float* to, int toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride);
        Vector128<float> c = Vector128.Load(from + 2 * fromStride), d = Vector128.Load(from + 3 * fromStride);
        if (Sse.IsSupported)
        {
            Vector128<float> abLow = Sse.UnpackLow(a, b), abHigh = Sse.UnpackHigh(a, b), cdLow = Sse.UnpackLow(c, d),
                cdHigh = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(abLow, cdLow).Store(to);
            Sse.MoveHighToLow(cdLow, abLow).Store(to + toStride);
            Sse.MoveLowToHigh(abHigh, cdHigh).Store(to + 2 * toStride);
            Sse.MoveHighToLow(cdHigh, abHigh).Store(to + 3 * toStride);
            return;
        }
        Vector128.Create(a[0], b[0], c[0], d[0]).Store(to);
        Vector128.Create(a[1], b[1], c[1], d[1]).Store(to + toStride);
        Vector128.Create(a[2], b[2], c[2], d[2]).Store(to + 2 * toStride);
        Vector128.Create(a[3], b[3], c[3], d[3]).Store(to + 3 * toStride);
    }
}
