// Written by TileSource of the tests: run them with UPDATE_TILES set after changing it.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of matrix products, [rows] x [vectors]: C = A B or C += A B with all of a tile's sums in registers.
/// Each number of C is summed over k in order.
/// </summary>
internal static unsafe partial class Tiles
{
    [MethodImpl(Jit.Optimized)]
    private static void Tile4x3<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f), s22 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f), s32 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.Load(c0 + V.Count);
            s02 = V.LoadFirst(c0 + 2 * V.Count, last);
            s10 = V.Load(c1);
            s11 = V.Load(c1 + V.Count);
            s12 = V.LoadFirst(c1 + 2 * V.Count, last);
            s20 = V.Load(c2);
            s21 = V.Load(c2 + V.Count);
            s22 = V.LoadFirst(c2 + 2 * V.Count, last);
            s30 = V.Load(c3);
            s31 = V.Load(c3 + V.Count);
            s32 = V.LoadFirst(c3 + 2 * V.Count, last);
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
            V a2 = V.Broadcast(a[2 * row]);
            s20 = V.Fma(a2, b0, s20);
            s21 = V.Fma(a2, b1, s21);
            s22 = V.Fma(a2, b2, s22);
            V a3 = V.Broadcast(a[3 * row]);
            s30 = V.Fma(a3, b0, s30);
            s31 = V.Fma(a3, b1, s31);
            s32 = V.Fma(a3, b2, s32);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.StoreFirst(c0 + 2 * V.Count, s02, last);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.StoreFirst(c1 + 2 * V.Count, s12, last);
        V.Store(c2, s20);
        V.Store(c2 + V.Count, s21);
        V.StoreFirst(c2 + 2 * V.Count, s22, last);
        V.Store(c3, s30);
        V.Store(c3 + V.Count, s31);
        V.StoreFirst(c3 + 2 * V.Count, s32, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile4x3Ahead<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f), s02 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f), s12 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f), s22 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f), s32 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.Load(c0 + V.Count);
            s02 = V.LoadFirst(c0 + 2 * V.Count, last);
            s10 = V.Load(c1);
            s11 = V.Load(c1 + V.Count);
            s12 = V.LoadFirst(c1 + 2 * V.Count, last);
            s20 = V.Load(c2);
            s21 = V.Load(c2 + V.Count);
            s22 = V.LoadFirst(c2 + 2 * V.Count, last);
            s30 = V.Load(c3);
            s31 = V.Load(c3 + V.Count);
            s32 = V.LoadFirst(c3 + 2 * V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        float* ahead = tile.Ahead;
        nint next = tile.AheadStep;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(ahead);
            ahead += next;
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            V a0 = V.Broadcast(a[0]);
            s00 = V.Fma(a0, b0, s00);
            s01 = V.Fma(a0, b1, s01);
            s02 = V.Fma(a0, b2, s02);
            V a1 = V.Broadcast(a[row]);
            s10 = V.Fma(a1, b0, s10);
            s11 = V.Fma(a1, b1, s11);
            s12 = V.Fma(a1, b2, s12);
            V a2 = V.Broadcast(a[2 * row]);
            s20 = V.Fma(a2, b0, s20);
            s21 = V.Fma(a2, b1, s21);
            s22 = V.Fma(a2, b2, s22);
            V a3 = V.Broadcast(a[3 * row]);
            s30 = V.Fma(a3, b0, s30);
            s31 = V.Fma(a3, b1, s31);
            s32 = V.Fma(a3, b2, s32);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.StoreFirst(c0 + 2 * V.Count, s02, last);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.StoreFirst(c1 + 2 * V.Count, s12, last);
        V.Store(c2, s20);
        V.Store(c2 + V.Count, s21);
        V.StoreFirst(c2 + 2 * V.Count, s22, last);
        V.Store(c3, s30);
        V.Store(c3 + V.Count, s31);
        V.StoreFirst(c3 + 2 * V.Count, s32, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile4x2<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.Load(c0);
            s01 = V.LoadFirst(c0 + V.Count, last);
            s10 = V.Load(c1);
            s11 = V.LoadFirst(c1 + V.Count, last);
            s20 = V.Load(c2);
            s21 = V.LoadFirst(c2 + V.Count, last);
            s30 = V.Load(c3);
            s31 = V.LoadFirst(c3 + V.Count, last);
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
            V a2 = V.Broadcast(a[2 * row]);
            s20 = V.Fma(a2, b0, s20);
            s21 = V.Fma(a2, b1, s21);
            V a3 = V.Broadcast(a[3 * row]);
            s30 = V.Fma(a3, b0, s30);
            s31 = V.Fma(a3, b1, s31);
            a += step;
            b += line;
        }
        V.Store(c0, s00);
        V.StoreFirst(c0 + V.Count, s01, last);
        V.Store(c1, s10);
        V.StoreFirst(c1 + V.Count, s11, last);
        V.Store(c2, s20);
        V.StoreFirst(c2 + V.Count, s21, last);
        V.Store(c3, s30);
        V.StoreFirst(c3 + V.Count, s31, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile4x1<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        V s00 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.LoadFirst(c0, last);
            s10 = V.LoadFirst(c1, last);
            s20 = V.LoadFirst(c2, last);
            s30 = V.LoadFirst(c3, last);
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
            V a2 = V.Broadcast(a[2 * row]);
            s20 = V.Fma(a2, b0, s20);
            V a3 = V.Broadcast(a[3 * row]);
            s30 = V.Fma(a3, b0, s30);
            a += step;
            b += line;
        }
        V.StoreFirst(c0, s00, last);
        V.StoreFirst(c1, s10, last);
        V.StoreFirst(c2, s20, last);
        V.StoreFirst(c3, s30, last);
    }
}
