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
    /// <summary>The tile of a shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(in TileOperands tile, int rows, int vectors)
        where V : struct, ISimd<V>
    {
        switch (rows, vectors)
        {
            case (8, 2):
                Tile8x2<V>(tile);
                break;
            case (8, 1):
                Tile8x1<V>(tile);
                break;
            case (4, 3):
                Tile4x3<V>(tile);
                break;
            case (4, 2):
                Tile4x2<V>(tile);
                break;
            case (4, 1):
                Tile4x1<V>(tile);
                break;
            case (2, 3):
                Tile2x3<V>(tile);
                break;
            case (2, 2):
                Tile2x2<V>(tile);
                break;
            case (2, 1):
                Tile2x1<V>(tile);
                break;
            case (1, 3):
                Tile1x3<V>(tile);
                break;
            case (1, 2):
                Tile1x2<V>(tile);
                break;
            default:
                Tile1x1<V>(tile);
                break;
        }
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile8x2<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        float* c4 = c3 + tile.CStride;
        float* c5 = c4 + tile.CStride;
        float* c6 = c5 + tile.CStride;
        float* c7 = c6 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f);
        V s40 = V.Broadcast(0f), s41 = V.Broadcast(0f);
        V s50 = V.Broadcast(0f), s51 = V.Broadcast(0f);
        V s60 = V.Broadcast(0f), s61 = V.Broadcast(0f);
        V s70 = V.Broadcast(0f), s71 = V.Broadcast(0f);
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
            s40 = V.Load(c4);
            s41 = V.LoadFirst(c4 + V.Count, last);
            s50 = V.Load(c5);
            s51 = V.LoadFirst(c5 + V.Count, last);
            s60 = V.Load(c6);
            s61 = V.LoadFirst(c6 + V.Count, last);
            s70 = V.Load(c7);
            s71 = V.LoadFirst(c7 + V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        float* below = a + 4 * tile.ARow;
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
            V a4 = V.Broadcast(below[0]);
            s40 = V.Fma(a4, b0, s40);
            s41 = V.Fma(a4, b1, s41);
            V a5 = V.Broadcast(below[row]);
            s50 = V.Fma(a5, b0, s50);
            s51 = V.Fma(a5, b1, s51);
            V a6 = V.Broadcast(below[2 * row]);
            s60 = V.Fma(a6, b0, s60);
            s61 = V.Fma(a6, b1, s61);
            V a7 = V.Broadcast(below[3 * row]);
            s70 = V.Fma(a7, b0, s70);
            s71 = V.Fma(a7, b1, s71);
            a += step;
            below += step;
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
        V.Store(c4, s40);
        V.StoreFirst(c4 + V.Count, s41, last);
        V.Store(c5, s50);
        V.StoreFirst(c5 + V.Count, s51, last);
        V.Store(c6, s60);
        V.StoreFirst(c6 + V.Count, s61, last);
        V.Store(c7, s70);
        V.StoreFirst(c7 + V.Count, s71, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile8x2Ahead<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        float* c4 = c3 + tile.CStride;
        float* c5 = c4 + tile.CStride;
        float* c6 = c5 + tile.CStride;
        float* c7 = c6 + tile.CStride;
        V s00 = V.Broadcast(0f), s01 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f), s11 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f), s21 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f), s31 = V.Broadcast(0f);
        V s40 = V.Broadcast(0f), s41 = V.Broadcast(0f);
        V s50 = V.Broadcast(0f), s51 = V.Broadcast(0f);
        V s60 = V.Broadcast(0f), s61 = V.Broadcast(0f);
        V s70 = V.Broadcast(0f), s71 = V.Broadcast(0f);
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
            s40 = V.Load(c4);
            s41 = V.LoadFirst(c4 + V.Count, last);
            s50 = V.Load(c5);
            s51 = V.LoadFirst(c5 + V.Count, last);
            s60 = V.Load(c6);
            s61 = V.LoadFirst(c6 + V.Count, last);
            s70 = V.Load(c7);
            s71 = V.LoadFirst(c7 + V.Count, last);
        }
        float* a = tile.A, b = tile.B;
        float* below = a + 4 * tile.ARow;
        float* ahead = tile.Ahead;
        nint next = tile.AheadStep;
        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;
        for (nint k = tile.Depth; k > 0; k--)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(ahead);
            ahead += next;
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
            V a4 = V.Broadcast(below[0]);
            s40 = V.Fma(a4, b0, s40);
            s41 = V.Fma(a4, b1, s41);
            V a5 = V.Broadcast(below[row]);
            s50 = V.Fma(a5, b0, s50);
            s51 = V.Fma(a5, b1, s51);
            V a6 = V.Broadcast(below[2 * row]);
            s60 = V.Fma(a6, b0, s60);
            s61 = V.Fma(a6, b1, s61);
            V a7 = V.Broadcast(below[3 * row]);
            s70 = V.Fma(a7, b0, s70);
            s71 = V.Fma(a7, b1, s71);
            a += step;
            below += step;
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
        V.Store(c4, s40);
        V.StoreFirst(c4 + V.Count, s41, last);
        V.Store(c5, s50);
        V.StoreFirst(c5 + V.Count, s51, last);
        V.Store(c6, s60);
        V.StoreFirst(c6 + V.Count, s61, last);
        V.Store(c7, s70);
        V.StoreFirst(c7 + V.Count, s71, last);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Tile8x1<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        int last = tile.Last;
        float* c0 = tile.C;
        float* c1 = c0 + tile.CStride;
        float* c2 = c1 + tile.CStride;
        float* c3 = c2 + tile.CStride;
        float* c4 = c3 + tile.CStride;
        float* c5 = c4 + tile.CStride;
        float* c6 = c5 + tile.CStride;
        float* c7 = c6 + tile.CStride;
        V s00 = V.Broadcast(0f);
        V s10 = V.Broadcast(0f);
        V s20 = V.Broadcast(0f);
        V s30 = V.Broadcast(0f);
        V s40 = V.Broadcast(0f);
        V s50 = V.Broadcast(0f);
        V s60 = V.Broadcast(0f);
        V s70 = V.Broadcast(0f);
        if (tile.Add)
        {
            s00 = V.LoadFirst(c0, last);
            s10 = V.LoadFirst(c1, last);
            s20 = V.LoadFirst(c2, last);
            s30 = V.LoadFirst(c3, last);
            s40 = V.LoadFirst(c4, last);
            s50 = V.LoadFirst(c5, last);
            s60 = V.LoadFirst(c6, last);
            s70 = V.LoadFirst(c7, last);
        }
        float* a = tile.A, b = tile.B;
        float* below = a + 4 * tile.ARow;
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
            V a4 = V.Broadcast(below[0]);
            s40 = V.Fma(a4, b0, s40);
            V a5 = V.Broadcast(below[row]);
            s50 = V.Fma(a5, b0, s50);
            V a6 = V.Broadcast(below[2 * row]);
            s60 = V.Fma(a6, b0, s60);
            V a7 = V.Broadcast(below[3 * row]);
            s70 = V.Fma(a7, b0, s70);
            a += step;
            below += step;
            b += line;
        }
        V.StoreFirst(c0, s00, last);
        V.StoreFirst(c1, s10, last);
        V.StoreFirst(c2, s20, last);
        V.StoreFirst(c3, s30, last);
        V.StoreFirst(c4, s40, last);
        V.StoreFirst(c5, s50, last);
        V.StoreFirst(c6, s60, last);
        V.StoreFirst(c7, s70, last);
    }
}
