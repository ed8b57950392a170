using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Matrix products C = A B or C += A B with a packed right side. Every number of C is summed over k in order, whatever the tile, so a row
/// of C has the same bits whichever rows stand next to it, and the panels of B may be shared out among threads.
/// </summary>
internal static unsafe class Gemm
{
    // Bytes of a panel that are read again from close by while many rows pass.
    private const int PanelBytes = 16 * 1024;

    // What one row is multiplied by at once.
    private const int PanelsTogether = 4;

    // Numbers of a right side that leave the nearest caches before they are read again: they are fetched ahead.
    private const int FarWeights = 128 * 1024;

    /// <summary>C [rows, columns] = (or +=) A [rows, K] B; strides are between rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<V>(float* a, int aStride, int rows, PackedMatrix b, float* c, int cStride, bool add)
        where V : struct, ISimd<V> =>
        Multiply<V>(new Product(a, aStride, rows, b, c, cStride, add), 0, b.Panels);

    /// <summary>The columns of a product that some panels of B give, [from, to).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Multiply<V>(in Product product, int from, int to)
        where V : struct, ISimd<V>
    {
        if (product.Rows == 1)
        {
            MultiplyRow<V>(product, from, to);
            return;
        }
        PackedMatrix b = product.B;
        int all = product.Rows > 2 * V.TileRows ? PanelBytes / sizeof(float) / b.PanelWidth : b.Rows;
        TileOperands tile = new() { ARow = product.AStride, AStep = 1, BStep = b.PanelWidth, CStride = product.CStride };
        int step = product.Descends ? -1 : 1, panel = product.Descends ? to - 1 : from;
        for (int left = to - from; left > 0; left--)
        {
            int width = Math.Min(b.PanelWidth, b.Columns - panel * b.PanelWidth);
            MultiplyPanel<V>(product, ref tile, b.Panel(panel), b.Panel(panel + step), product.C + (nint)panel * b.PanelWidth, width, all);
            panel += step;
        }
    }

    /// <summary>One panel of a product, whose first <paramref name="columns"/> columns are wanted: they go to C's first.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void MultiplyPanel<V>(in Product product, int panel, int columns, int next)
        where V : struct, ISimd<V>
    {
        PackedMatrix b = product.B;
        int all = product.Rows > 2 * V.TileRows ? PanelBytes / sizeof(float) / b.PanelWidth : b.Rows;
        TileOperands tile = new() { ARow = product.AStride, AStep = 1, BStep = b.PanelWidth, CStride = product.CStride };
        MultiplyPanel<V>(product, ref tile, b.Panel(panel), b.Panel(next), product.C, columns, all);
    }

    /// <summary>One row times four whole panels, some panels apart; the results stand in C one after another.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void MultiplyFourPanels<V>(in Product product, int panel, int apart)
        where V : struct, ISimd<V>
    {
        PackedMatrix b = product.B;
        TileOperands tile = new() { A = product.A, AStep = 1, BStep = b.PanelWidth, Depth = b.Rows, Add = product.Add };
        tile.B = b.Panel(panel);
        tile.C = product.C;
        tile.Last = b.PanelWidth;
        Tiles.RunRow<V>(tile, (nint)b.Rows * b.PanelWidth * apart, PanelsTogether);
    }

    // All rows times a panel, at most so many of its k at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyPanel<V>(in Product product, ref TileOperands tile, float* b, float* next, float* c, int columns, int all)
        where V : struct, ISimd<V>
    {
        int vectors = (columns + V.Count - 1) / V.Count, depth = product.B.Rows, k = 0;
        tile.Last = columns - (vectors - 1) * V.Count;
        do
        {
            tile.Depth = depth - k <= all + all / 2 ? depth - k : all;
            tile.B = b + (nint)k * product.B.PanelWidth;
            tile.Add = product.Add || k > 0;
            tile.Ahead = k + tile.Depth < depth ? tile.B + (nint)tile.Depth * product.B.PanelWidth : next;
            MultiplyPanel<V>(product, ref tile, product.A + k, c, vectors);
            k += tile.Depth;
        }
        while (k < depth);
    }

    // All rows times a panel, or some of its k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyPanel<V>(in Product product, ref TileOperands tile, float* a, float* c, int vectors)
        where V : struct, ISimd<V>
    {
        int most = vectors == 1 ? 8 : V.TileRows, row = 0;
        if (vectors == V.PanelVectors && Tiles.FetchesAhead<V>() && (long)product.B.Rows * product.B.Columns >= FarWeights)
        {
            // A line per k: as many tiles as a panel is lines wide fetch the next panel, or as much of it.
            tile.AheadStep = TileOperands.CacheLine;
            for (int fetched = 0; fetched < Tiles.LinesOfPanel<V>() && row + most <= product.Rows; fetched++)
            {
                tile.A = a + (nint)row * product.AStride;
                tile.C = c + (nint)row * product.CStride;
                Tiles.RunAhead<V>(tile);
                tile.Ahead += (nint)tile.Depth * TileOperands.CacheLine;
                row += most;
            }
        }
        while (row < product.Rows)
        {
            int remaining = product.Rows - row, rows = remaining >= most ? most : remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
            tile.A = a + (nint)row * product.AStride;
            tile.C = c + (nint)row * product.CStride;
            Tiles.Run<V>(tile, rows, vectors);
            row += rows;
        }
    }

    [MethodImpl(Jit.Optimized)]
    private static void MultiplyRow<V>(in Product product, int from, int to)
        where V : struct, ISimd<V>
    {
        PackedMatrix b = product.B;
        TileOperands tile = new() { A = product.A, AStep = 1, BStep = b.PanelWidth, Depth = b.Rows, Add = product.Add };
        while (from < to)
        {
            // One panel by itself only where there are no more.
            int remaining = to - from, panels = remaining == PanelsTogether + 1 ? 3 : Math.Min(remaining, PanelsTogether);
            int panel = product.Descends ? to - panels : from, end = panel + panels;
            tile.B = b.Panel(panel);
            tile.C = product.C + (nint)panel * b.PanelWidth;
            tile.Last = Math.Min(b.PanelWidth, b.Columns - (end - 1) * b.PanelWidth);
            if (panels > 1)
                Tiles.RunRow<V>(tile, (nint)b.Rows * b.PanelWidth, panels);
            else
            {
                int vectors = (tile.Last + V.Count - 1) / V.Count;
                tile.Last -= (vectors - 1) * V.Count;
                Tiles.Run<V>(tile, 1, vectors);
            }
            (from, to) = product.Descends ? (from, panel) : (end, to);
        }
    }
}
