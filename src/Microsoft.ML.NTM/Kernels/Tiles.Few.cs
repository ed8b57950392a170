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
}
