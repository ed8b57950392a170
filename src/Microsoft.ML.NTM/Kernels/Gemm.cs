using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Matrix products C = A B or C += A B with a packed right side. Every number of C is summed over k in order, whatever the tile, so a row
/// of C has the same bits whichever rows stand next to it.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>C [rows, columns] = (or +=) A [rows, K] B; strides are between rows.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Multiply<V>(float* a, int aStride, int rows, PackedMatrix b, float* c, int cStride, bool add)
        where V : struct, ISimd<V>
    {
        if (rows == 1)
        {
            MultiplyRow<V>(a, b, c, add);
            return;
        }
        for (int from = 0; from < b.Columns; from += b.PanelWidth)
        {
            float* panel = b.Panel(from / b.PanelWidth);
            int width = Math.Min(b.PanelWidth, b.Columns - from), row = 0;
            while (row < rows)
            {
                float* left = a + (nint)row * aStride;
                float* to = c + (nint)row * cStride + from;
                int remaining = rows - row;
                if (V.ManyRegisters && remaining >= 8)
                {
                    Tile8<V>(left, aStride, panel, b.Rows, to, cStride, width, add);
                    row += 8;
                }
                else if (remaining >= 4)
                {
                    Tile4<V>(left, aStride, panel, b.Rows, to, cStride, width, add);
                    row += 4;
                }
                else if (remaining >= 2)
                {
                    Tile2<V>(left, aStride, panel, b.Rows, to, cStride, width, add);
                    row += 2;
                }
                else
                {
                    Tile1<V>(left, panel, b.Rows, to, width, add);
                    row++;
                }
            }
        }
    }

    // One row: several panels side by side, because two sums alone would wait for each other's additions.
    [MethodImpl(Jit.Optimized)]
    private static void MultiplyRow<V>(float* a, PackedMatrix b, float* c, bool add)
        where V : struct, ISimd<V>
    {
        int from = 0;
        for (; from + 4 * b.PanelWidth <= b.Columns; from += 4 * b.PanelWidth)
            Row4<V>(a, b.Panel(from / b.PanelWidth), (nint)b.Rows * b.PanelWidth, b.Rows, c + from, add);
        for (; from < b.Columns; from += b.PanelWidth)
            Tile1<V>(a, b.Panel(from / b.PanelWidth), b.Rows, c + from, Math.Min(b.PanelWidth, b.Columns - from), add);
    }

    // 1 row x 4 whole panels
    [MethodImpl(Jit.Optimized)]
    private static void Row4<V>(float* a, float* panel, nint panelSize, int depth, float* c, bool add)
        where V : struct, ISimd<V>
    {
        V c0 = V.Broadcast(0f), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        if (add)
        {
            (c0, c1, c2, c3) = (V.Load(c), V.Load(c + V.Count), V.Load(c + 2 * V.Count), V.Load(c + 3 * V.Count));
            float* half = c + 4 * V.Count;
            (c4, c5, c6, c7) = (V.Load(half), V.Load(half + V.Count), V.Load(half + 2 * V.Count), V.Load(half + 3 * V.Count));
        }
        float* p0 = panel, p1 = panel + panelSize, p2 = panel + 2 * panelSize, p3 = panel + 3 * panelSize;
        for (nint k = 0; k < depth; k++)
        {
            V left = V.Broadcast(a[k]);
            nint at = k * 2 * V.Count;
            (c0, c1) = (V.Fma(left, V.Load(p0 + at), c0), V.Fma(left, V.Load(p0 + at + V.Count), c1));
            (c2, c3) = (V.Fma(left, V.Load(p1 + at), c2), V.Fma(left, V.Load(p1 + at + V.Count), c3));
            (c4, c5) = (V.Fma(left, V.Load(p2 + at), c4), V.Fma(left, V.Load(p2 + at + V.Count), c5));
            (c6, c7) = (V.Fma(left, V.Load(p3 + at), c6), V.Fma(left, V.Load(p3 + at + V.Count), c7));
        }
        V.Store(c, c0);
        V.Store(c + V.Count, c1);
        V.Store(c + 2 * V.Count, c2);
        V.Store(c + 3 * V.Count, c3);
        V.Store(c + 4 * V.Count, c4);
        V.Store(c + 5 * V.Count, c5);
        V.Store(c + 6 * V.Count, c6);
        V.Store(c + 7 * V.Count, c7);
    }

    // 8 rows x 1 panel
    [MethodImpl(Jit.Optimized)]
    private static void Tile8<V>(float* a, nint rowStride, float* panel, int depth, float* c, nint stride, int width, bool add)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.Broadcast(0f), c01 = V.Broadcast(0f);
        V c10 = V.Broadcast(0f), c11 = V.Broadcast(0f);
        V c20 = V.Broadcast(0f), c21 = V.Broadcast(0f);
        V c30 = V.Broadcast(0f), c31 = V.Broadcast(0f);
        V c40 = V.Broadcast(0f), c41 = V.Broadcast(0f);
        V c50 = V.Broadcast(0f), c51 = V.Broadcast(0f);
        V c60 = V.Broadcast(0f), c61 = V.Broadcast(0f);
        V c70 = V.Broadcast(0f), c71 = V.Broadcast(0f);
        if (add)
        {
            (c00, c01) = (V.LoadFirst(c, first), V.LoadFirst(c + V.Count, second));
            (c10, c11) = (V.LoadFirst(c + stride, first), V.LoadFirst(c + stride + V.Count, second));
            (c20, c21) = (V.LoadFirst(c + 2 * stride, first), V.LoadFirst(c + 2 * stride + V.Count, second));
            (c30, c31) = (V.LoadFirst(c + 3 * stride, first), V.LoadFirst(c + 3 * stride + V.Count, second));
            (c40, c41) = (V.LoadFirst(c + 4 * stride, first), V.LoadFirst(c + 4 * stride + V.Count, second));
            (c50, c51) = (V.LoadFirst(c + 5 * stride, first), V.LoadFirst(c + 5 * stride + V.Count, second));
            (c60, c61) = (V.LoadFirst(c + 6 * stride, first), V.LoadFirst(c + 6 * stride + V.Count, second));
            (c70, c71) = (V.LoadFirst(c + 7 * stride, first), V.LoadFirst(c + 7 * stride + V.Count, second));
        }
        float* low = a, high = a + 4 * rowStride;
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(panel), b1 = V.Load(panel + V.Count);
            V a0 = V.Broadcast(low[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            V a1 = V.Broadcast(low[rowStride]);
            (c10, c11) = (V.Fma(a1, b0, c10), V.Fma(a1, b1, c11));
            V a2 = V.Broadcast(low[2 * rowStride]);
            (c20, c21) = (V.Fma(a2, b0, c20), V.Fma(a2, b1, c21));
            V a3 = V.Broadcast(low[3 * rowStride]);
            (c30, c31) = (V.Fma(a3, b0, c30), V.Fma(a3, b1, c31));
            V a4 = V.Broadcast(high[0]);
            (c40, c41) = (V.Fma(a4, b0, c40), V.Fma(a4, b1, c41));
            V a5 = V.Broadcast(high[rowStride]);
            (c50, c51) = (V.Fma(a5, b0, c50), V.Fma(a5, b1, c51));
            V a6 = V.Broadcast(high[2 * rowStride]);
            (c60, c61) = (V.Fma(a6, b0, c60), V.Fma(a6, b1, c61));
            V a7 = V.Broadcast(high[3 * rowStride]);
            (c70, c71) = (V.Fma(a7, b0, c70), V.Fma(a7, b1, c71));
            panel += 2 * V.Count;
            low++;
            high++;
        }
        V.StoreFirst(c, c00, first);
        V.StoreFirst(c + V.Count, c01, second);
        V.StoreFirst(c + stride, c10, first);
        V.StoreFirst(c + stride + V.Count, c11, second);
        V.StoreFirst(c + 2 * stride, c20, first);
        V.StoreFirst(c + 2 * stride + V.Count, c21, second);
        V.StoreFirst(c + 3 * stride, c30, first);
        V.StoreFirst(c + 3 * stride + V.Count, c31, second);
        V.StoreFirst(c + 4 * stride, c40, first);
        V.StoreFirst(c + 4 * stride + V.Count, c41, second);
        V.StoreFirst(c + 5 * stride, c50, first);
        V.StoreFirst(c + 5 * stride + V.Count, c51, second);
        V.StoreFirst(c + 6 * stride, c60, first);
        V.StoreFirst(c + 6 * stride + V.Count, c61, second);
        V.StoreFirst(c + 7 * stride, c70, first);
        V.StoreFirst(c + 7 * stride + V.Count, c71, second);
    }

    // 4 rows x 1 panel
    [MethodImpl(Jit.Optimized)]
    private static void Tile4<V>(float* a, nint rowStride, float* panel, int depth, float* c, nint stride, int width, bool add)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.Broadcast(0f), c01 = V.Broadcast(0f);
        V c10 = V.Broadcast(0f), c11 = V.Broadcast(0f);
        V c20 = V.Broadcast(0f), c21 = V.Broadcast(0f);
        V c30 = V.Broadcast(0f), c31 = V.Broadcast(0f);
        if (add)
        {
            (c00, c01) = (V.LoadFirst(c, first), V.LoadFirst(c + V.Count, second));
            (c10, c11) = (V.LoadFirst(c + stride, first), V.LoadFirst(c + stride + V.Count, second));
            (c20, c21) = (V.LoadFirst(c + 2 * stride, first), V.LoadFirst(c + 2 * stride + V.Count, second));
            (c30, c31) = (V.LoadFirst(c + 3 * stride, first), V.LoadFirst(c + 3 * stride + V.Count, second));
        }
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(panel), b1 = V.Load(panel + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            V a1 = V.Broadcast(a[rowStride]);
            (c10, c11) = (V.Fma(a1, b0, c10), V.Fma(a1, b1, c11));
            V a2 = V.Broadcast(a[2 * rowStride]);
            (c20, c21) = (V.Fma(a2, b0, c20), V.Fma(a2, b1, c21));
            V a3 = V.Broadcast(a[3 * rowStride]);
            (c30, c31) = (V.Fma(a3, b0, c30), V.Fma(a3, b1, c31));
            panel += 2 * V.Count;
            a++;
        }
        V.StoreFirst(c, c00, first);
        V.StoreFirst(c + V.Count, c01, second);
        V.StoreFirst(c + stride, c10, first);
        V.StoreFirst(c + stride + V.Count, c11, second);
        V.StoreFirst(c + 2 * stride, c20, first);
        V.StoreFirst(c + 2 * stride + V.Count, c21, second);
        V.StoreFirst(c + 3 * stride, c30, first);
        V.StoreFirst(c + 3 * stride + V.Count, c31, second);
    }

    // 2 rows x 1 panel
    [MethodImpl(Jit.Optimized)]
    private static void Tile2<V>(float* a, nint rowStride, float* panel, int depth, float* c, nint stride, int width, bool add)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.Broadcast(0f), c01 = V.Broadcast(0f);
        V c10 = V.Broadcast(0f), c11 = V.Broadcast(0f);
        if (add)
        {
            (c00, c01) = (V.LoadFirst(c, first), V.LoadFirst(c + V.Count, second));
            (c10, c11) = (V.LoadFirst(c + stride, first), V.LoadFirst(c + stride + V.Count, second));
        }
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(panel), b1 = V.Load(panel + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            V a1 = V.Broadcast(a[rowStride]);
            (c10, c11) = (V.Fma(a1, b0, c10), V.Fma(a1, b1, c11));
            panel += 2 * V.Count;
            a++;
        }
        V.StoreFirst(c, c00, first);
        V.StoreFirst(c + V.Count, c01, second);
        V.StoreFirst(c + stride, c10, first);
        V.StoreFirst(c + stride + V.Count, c11, second);
    }

    // 1 row x 1 panel
    [MethodImpl(Jit.Optimized)]
    private static void Tile1<V>(float* a, float* panel, int depth, float* c, int width, bool add)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.Broadcast(0f), c01 = V.Broadcast(0f);
        if (add)
        {
            (c00, c01) = (V.LoadFirst(c, first), V.LoadFirst(c + V.Count, second));
        }
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(panel), b1 = V.Load(panel + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            panel += 2 * V.Count;
            a++;
        }
        V.StoreFirst(c, c00, first);
        V.StoreFirst(c + V.Count, c01, second);
    }
}
