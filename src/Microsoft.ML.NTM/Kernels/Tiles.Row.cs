// Written by TileSource of the tests: run them with UPDATE_TILES set after changing it.
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of matrix products, [rows] x [vectors]: C = A B or C += A B with all of a tile's sums in registers.
/// Each number of C is summed over k in order.
/// </summary>
internal static unsafe partial class Tiles
{
    /// <summary>
    /// One row times two to four panels, <paramref name="panelSize"/> numbers apart;
    /// Last counts the numbers of the last panel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunRow<V>(in TileOperands tile, nint panelSize, int panels)
        where V : struct, ISimd<V>
    {
        switch (panels, V.PanelVectors)
        {
            case (4, 2):
                Row4x2<V>(tile, panelSize);
                break;
            case (3, 2):
                Row3x2<V>(tile, panelSize);
                break;
            case (2, 2):
                Row2x2<V>(tile, panelSize);
                break;
            case (4, 3):
                Row4x3<V>(tile, panelSize);
                break;
            case (3, 3):
                Row3x3<V>(tile, panelSize);
                break;
            default:
                Row2x3<V>(tile, panelSize);
                break;
        }
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row4x2<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize, p3 = p2 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s10 = V.Load(c + 2 * V.Count);
            s11 = V.Load(c + 3 * V.Count);
            s20 = V.Load(c + 4 * V.Count);
            s21 = V.Load(c + 5 * V.Count);
            s30 = V.LoadFirst(c + 6 * V.Count, last);
            s31 = V.LoadFirst(c + 7 * V.Count, last - V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            p0 += 2 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            p1 += 2 * V.Count;
            s20 = V.Fma(left, V.Load(p2), s20);
            s21 = V.Fma(left, V.Load(p2 + V.Count), s21);
            p2 += 2 * V.Count;
            s30 = V.Fma(left, V.Load(p3), s30);
            s31 = V.Fma(left, V.Load(p3 + V.Count), s31);
            p3 += 2 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.Store(c + 2 * V.Count, s10);
        V.Store(c + 3 * V.Count, s11);
        V.Store(c + 4 * V.Count, s20);
        V.Store(c + 5 * V.Count, s21);
        V.StoreFirst(c + 6 * V.Count, s30, last);
        V.StoreFirst(c + 7 * V.Count, s31, last - V.Count);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row3x2<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s10 = V.Load(c + 2 * V.Count);
            s11 = V.Load(c + 3 * V.Count);
            s20 = V.LoadFirst(c + 4 * V.Count, last);
            s21 = V.LoadFirst(c + 5 * V.Count, last - V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            p0 += 2 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            p1 += 2 * V.Count;
            s20 = V.Fma(left, V.Load(p2), s20);
            s21 = V.Fma(left, V.Load(p2 + V.Count), s21);
            p2 += 2 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.Store(c + 2 * V.Count, s10);
        V.Store(c + 3 * V.Count, s11);
        V.StoreFirst(c + 4 * V.Count, s20, last);
        V.StoreFirst(c + 5 * V.Count, s21, last - V.Count);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row2x2<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s10 = V.LoadFirst(c + 2 * V.Count, last);
            s11 = V.LoadFirst(c + 3 * V.Count, last - V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            p0 += 2 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            p1 += 2 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.StoreFirst(c + 2 * V.Count, s10, last);
        V.StoreFirst(c + 3 * V.Count, s11, last - V.Count);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row4x3<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize, p3 = p2 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f), s22 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f), s32 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s02 = V.Load(c + 2 * V.Count);
            s10 = V.Load(c + 3 * V.Count);
            s11 = V.Load(c + 4 * V.Count);
            s12 = V.Load(c + 5 * V.Count);
            s20 = V.Load(c + 6 * V.Count);
            s21 = V.Load(c + 7 * V.Count);
            s22 = V.Load(c + 8 * V.Count);
            s30 = V.LoadFirst(c + 9 * V.Count, last);
            s31 = V.LoadFirst(c + 10 * V.Count, last - V.Count);
            s32 = V.LoadFirst(c + 11 * V.Count, last - 2 * V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            s02 = V.Fma(left, V.Load(p0 + 2 * V.Count), s02);
            p0 += 3 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            s12 = V.Fma(left, V.Load(p1 + 2 * V.Count), s12);
            p1 += 3 * V.Count;
            s20 = V.Fma(left, V.Load(p2), s20);
            s21 = V.Fma(left, V.Load(p2 + V.Count), s21);
            s22 = V.Fma(left, V.Load(p2 + 2 * V.Count), s22);
            p2 += 3 * V.Count;
            s30 = V.Fma(left, V.Load(p3), s30);
            s31 = V.Fma(left, V.Load(p3 + V.Count), s31);
            s32 = V.Fma(left, V.Load(p3 + 2 * V.Count), s32);
            p3 += 3 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.Store(c + 2 * V.Count, s02);
        V.Store(c + 3 * V.Count, s10);
        V.Store(c + 4 * V.Count, s11);
        V.Store(c + 5 * V.Count, s12);
        V.Store(c + 6 * V.Count, s20);
        V.Store(c + 7 * V.Count, s21);
        V.Store(c + 8 * V.Count, s22);
        V.StoreFirst(c + 9 * V.Count, s30, last);
        V.StoreFirst(c + 10 * V.Count, s31, last - V.Count);
        V.StoreFirst(c + 11 * V.Count, s32, last - 2 * V.Count);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row3x3<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f), s22 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s02 = V.Load(c + 2 * V.Count);
            s10 = V.Load(c + 3 * V.Count);
            s11 = V.Load(c + 4 * V.Count);
            s12 = V.Load(c + 5 * V.Count);
            s20 = V.LoadFirst(c + 6 * V.Count, last);
            s21 = V.LoadFirst(c + 7 * V.Count, last - V.Count);
            s22 = V.LoadFirst(c + 8 * V.Count, last - 2 * V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            s02 = V.Fma(left, V.Load(p0 + 2 * V.Count), s02);
            p0 += 3 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            s12 = V.Fma(left, V.Load(p1 + 2 * V.Count), s12);
            p1 += 3 * V.Count;
            s20 = V.Fma(left, V.Load(p2), s20);
            s21 = V.Fma(left, V.Load(p2 + V.Count), s21);
            s22 = V.Fma(left, V.Load(p2 + 2 * V.Count), s22);
            p2 += 3 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.Store(c + 2 * V.Count, s02);
        V.Store(c + 3 * V.Count, s10);
        V.Store(c + 4 * V.Count, s11);
        V.Store(c + 5 * V.Count, s12);
        V.StoreFirst(c + 6 * V.Count, s20, last);
        V.StoreFirst(c + 7 * V.Count, s21, last - V.Count);
        V.StoreFirst(c + 8 * V.Count, s22, last - 2 * V.Count);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Row2x3<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize;
        int last = tile.Last;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c);
            s01 = V.Load(c + V.Count);
            s02 = V.Load(c + 2 * V.Count);
            s10 = V.LoadFirst(c + 3 * V.Count, last);
            s11 = V.LoadFirst(c + 4 * V.Count, last - V.Count);
            s12 = V.LoadFirst(c + 5 * V.Count, last - 2 * V.Count);
        }
        nint step = tile.AStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V left = V.Broadcast(a[0]);
            s00 = V.Fma(left, V.Load(p0), s00);
            s01 = V.Fma(left, V.Load(p0 + V.Count), s01);
            s02 = V.Fma(left, V.Load(p0 + 2 * V.Count), s02);
            p0 += 3 * V.Count;
            s10 = V.Fma(left, V.Load(p1), s10);
            s11 = V.Fma(left, V.Load(p1 + V.Count), s11);
            s12 = V.Fma(left, V.Load(p1 + 2 * V.Count), s12);
            p1 += 3 * V.Count;
            a += step;
        }
        V.Store(c, s00);
        V.Store(c + V.Count, s01);
        V.Store(c + 2 * V.Count, s02);
        V.StoreFirst(c + 3 * V.Count, s10, last);
        V.StoreFirst(c + 4 * V.Count, s11, last - V.Count);
        V.StoreFirst(c + 5 * V.Count, s12, last - 2 * V.Count);
    }
}
