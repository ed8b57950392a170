// Written by TileSource of the tests: run them with UPDATE_TILES set after changing it.
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of matrix products, [rows] x [vectors]: C = A B or C += A B with all of a tile's sums in registers.
/// Each number of C is summed over k in order.
/// </summary>
internal static unsafe partial class Tiles
{
    [MethodImpl(Jit.Optimized)]
    private static void Tile2x3<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.Load(c0 + V.Count);
            s02 = V.LoadFirst(c0 + 2 * V.Count, last);
            s10 = V.Load(c1);
            s11 = V.Load(c1 + V.Count);
            s12 = V.LoadFirst(c1 + 2 * V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            s01 = V.Fma(a0, b1, s01);
            s02 = V.Fma(a0, b2, s02);
            V a1 = V.Broadcast(a[row]);
            s10 = V.Fma(a1, b0, s10);
            s11 = V.Fma(a1, b1, s11);
            s12 = V.Fma(a1, b2, s12);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.StoreFirst(c0 + 2 * V.Count, s02, last);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.StoreFirst(c1 + 2 * V.Count, s12, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile2x2<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.LoadFirst(c0 + V.Count, last);
            s10 = V.Load(c1);
            s11 = V.LoadFirst(c1 + V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            s01 = V.Fma(a0, b1, s01);
            V a1 = V.Broadcast(a[row]);
            s10 = V.Fma(a1, b0, s10);
            s11 = V.Fma(a1, b1, s11);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.StoreFirst(c0 + V.Count, s01, last);
        V.Store(c1, s10);
        V.StoreFirst(c1 + V.Count, s11, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile2x1<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        V s00 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.LoadFirst(c0, last);
            s10 = V.LoadFirst(c1, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            V a1 = V.Broadcast(a[row]);
            s10 = V.Fma(a1, b0, s10);
            a += step;
            b += line;
        }
        V.StoreFirst(c0, s00, last);
        V.StoreFirst(c1, s10, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile1x3<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.Load(c0 + V.Count);
            s02 = V.LoadFirst(c0 + 2 * V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            s01 = V.Fma(a0, b1, s01);
            s02 = V.Fma(a0, b2, s02);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.StoreFirst(c0 + 2 * V.Count, s02, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile1x2<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.LoadFirst(c0 + V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            s01 = V.Fma(a0, b1, s01);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.StoreFirst(c0 + V.Count, s01, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile1x1<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        V s00 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.LoadFirst(c0, last);
        }
        float* a = tile.A, b = tile.B;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            V b0 = V.Load(b);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            a += step;
            b += line;
        }
        V.StoreFirst(c0, s00, last);
    }

    /// <summary>One row times four whole panels, <paramref name="panelSize"/> numbers apart.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void FourPanels2<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize, p3 = p2 + panelSize;
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
            s30 = V.Load(c + 6 * V.Count);
            s31 = V.Load(c + 7 * V.Count);
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
        V.Store(c + 6 * V.Count, s30);
        V.Store(c + 7 * V.Count, s31);
    }

    /// <summary>One row times four whole panels, <paramref name="panelSize"/> numbers apart.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void FourPanels3<V>(in TileOperands tile, nint panelSize)
        where V : struct, ISimd<V>
    {
        float* a = tile.A, c = tile.C, p0 = tile.B;
        float* p1 = p0 + panelSize, p2 = p1 + panelSize, p3 = p2 + panelSize;
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
            s30 = V.Load(c + 9 * V.Count);
            s31 = V.Load(c + 10 * V.Count);
            s32 = V.Load(c + 11 * V.Count);
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
        V.Store(c + 9 * V.Count, s30);
        V.Store(c + 10 * V.Count, s31);
        V.Store(c + 11 * V.Count, s32);
    }
}
