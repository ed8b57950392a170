using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Matrix products C = A B or C += A B with a packed right side. Every number of C is summed over k in order, whatever the tile, so a row
/// of C has the same bits whichever rows stand next to it, and the panels of B may be shared out among threads.
/// </summary>
internal static unsafe class Gemm
{
    // Bytes of a panel that are read again from close by while many rows pass.
    private const int PanelBytes = 48 * 1024;

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
        for (int panel = from; panel < to; panel++)
        {
            int width = Math.Min(b.PanelWidth, b.Columns - panel * b.PanelWidth), vectors = (width + V.Count - 1) / V.Count;
            tile.Last = width - (vectors - 1) * V.Count;
            int k = 0;
            do
            {
                tile.Depth = b.Rows - k <= all + all / 2 ? b.Rows - k : all;
                tile.B = b.Panel(panel) + (nint)k * b.PanelWidth;
                tile.Add = product.Add || k > 0;
                MultiplyPanel<V>(product, ref tile, product.A + k, product.C + (nint)panel * b.PanelWidth, vectors);
                k += tile.Depth;
            }
            while (k < b.Rows);
        }
    }

    // All rows times a panel, or some of its k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyPanel<V>(in Product product, ref TileOperands tile, float* a, float* c, int vectors)
        where V : struct, ISimd<V>
    {
        int most = vectors == 1 ? 8 : V.TileRows, row = 0;
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
        int panel = from, whole = Math.Min(to, b.Columns / b.PanelWidth);
        TileOperands tile = new() { A = product.A, AStep = 1, BStep = b.PanelWidth, Depth = b.Rows, Add = product.Add };
        for (; panel + 4 <= whole; panel += 4)
        {
            tile.B = b.Panel(panel);
            tile.C = product.C + (nint)panel * b.PanelWidth;
            if (V.PanelVectors == 2)
                Tiles.FourPanels2<V>(tile, (nint)b.Rows * b.PanelWidth);
            else
                Tiles.FourPanels3<V>(tile, (nint)b.Rows * b.PanelWidth);
        }
        for (; panel < to; panel++)
        {
            int width = Math.Min(b.PanelWidth, b.Columns - panel * b.PanelWidth), vectors = (width + V.Count - 1) / V.Count;
            tile.Last = width - (vectors - 1) * V.Count;
            tile.B = b.Panel(panel);
            tile.C = product.C + (nint)panel * b.PanelWidth;
            Tiles.Run<V>(tile, 1, vectors);
        }
    }
}
