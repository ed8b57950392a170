using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of C += A B in registers: up to 8 rows of A [rows, k] times one panel of a <see cref="PackedMatrix{V}"/>. Rows above the last
/// are computed as the last one again: they read and write its numbers, alike. Each element is summed over k in order, by one chain
/// of multiply-adds, whatever the tile: a row's result does not depend on which rows stand beside it.
/// </summary>
internal static unsafe class ProductTiles8<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>C [rows, registers * lanes] += A [rows, k] B [k, registers * lanes].</summary>
    public static void Run(int registers, float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        switch (registers)
        {
            case 3:
                Tile8x3(a, aStride, rows, k, b, c, cStride);
                break;
            case 2:
                Tile8x2(a, aStride, rows, k, b, c, cStride);
                break;
            default:
                Tile8x1(a, aStride, rows, k, b, c, cStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x3(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride, a4 = a + Math.Min(4, rows - 1) * aStride, a5 = a + Math.Min(5, rows - 1) * aStride, a6 = a + Math.Min(6, rows - 1) * aStride, a7 = a + Math.Min(7, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride, c4 = c + Math.Min(4, rows - 1) * cStride, c5 = c + Math.Min(5, rows - 1) * cStride, c6 = c + Math.Min(6, rows - 1) * cStride, c7 = c + Math.Min(7, rows - 1) * cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count), s02 = V.Load(c0 + 2 * V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count), s12 = V.Load(c1 + 2 * V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count), s22 = V.Load(c2 + 2 * V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count), s32 = V.Load(c3 + 2 * V.Count);
        V s40 = V.Load(c4), s41 = V.Load(c4 + V.Count), s42 = V.Load(c4 + 2 * V.Count);
        V s50 = V.Load(c5), s51 = V.Load(c5 + V.Count), s52 = V.Load(c5 + 2 * V.Count);
        V s60 = V.Load(c6), s61 = V.Load(c6 + V.Count), s62 = V.Load(c6 + 2 * V.Count);
        V s70 = V.Load(c7), s71 = V.Load(c7 + V.Count), s72 = V.Load(c7 + 2 * V.Count);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            b += 3 * V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
            s02 = V.MultiplyAdd(x0, b2, s02);
            V x1 = V.Create(a1[i]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            s11 = V.MultiplyAdd(x1, b1, s11);
            s12 = V.MultiplyAdd(x1, b2, s12);
            V x2 = V.Create(a2[i]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            s21 = V.MultiplyAdd(x2, b1, s21);
            s22 = V.MultiplyAdd(x2, b2, s22);
            V x3 = V.Create(a3[i]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            s31 = V.MultiplyAdd(x3, b1, s31);
            s32 = V.MultiplyAdd(x3, b2, s32);
            V x4 = V.Create(a4[i]);
            s40 = V.MultiplyAdd(x4, b0, s40);
            s41 = V.MultiplyAdd(x4, b1, s41);
            s42 = V.MultiplyAdd(x4, b2, s42);
            V x5 = V.Create(a5[i]);
            s50 = V.MultiplyAdd(x5, b0, s50);
            s51 = V.MultiplyAdd(x5, b1, s51);
            s52 = V.MultiplyAdd(x5, b2, s52);
            V x6 = V.Create(a6[i]);
            s60 = V.MultiplyAdd(x6, b0, s60);
            s61 = V.MultiplyAdd(x6, b1, s61);
            s62 = V.MultiplyAdd(x6, b2, s62);
            V x7 = V.Create(a7[i]);
            s70 = V.MultiplyAdd(x7, b0, s70);
            s71 = V.MultiplyAdd(x7, b1, s71);
            s72 = V.MultiplyAdd(x7, b2, s72);
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.Store(c0 + 2 * V.Count, s02);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.Store(c1 + 2 * V.Count, s12);
        V.Store(c2, s20);
        V.Store(c2 + V.Count, s21);
        V.Store(c2 + 2 * V.Count, s22);
        V.Store(c3, s30);
        V.Store(c3 + V.Count, s31);
        V.Store(c3 + 2 * V.Count, s32);
        V.Store(c4, s40);
        V.Store(c4 + V.Count, s41);
        V.Store(c4 + 2 * V.Count, s42);
        V.Store(c5, s50);
        V.Store(c5 + V.Count, s51);
        V.Store(c5 + 2 * V.Count, s52);
        V.Store(c6, s60);
        V.Store(c6 + V.Count, s61);
        V.Store(c6 + 2 * V.Count, s62);
        V.Store(c7, s70);
        V.Store(c7 + V.Count, s71);
        V.Store(c7 + 2 * V.Count, s72);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride, a4 = a + Math.Min(4, rows - 1) * aStride, a5 = a + Math.Min(5, rows - 1) * aStride, a6 = a + Math.Min(6, rows - 1) * aStride, a7 = a + Math.Min(7, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride, c4 = c + Math.Min(4, rows - 1) * cStride, c5 = c + Math.Min(5, rows - 1) * cStride, c6 = c + Math.Min(6, rows - 1) * cStride, c7 = c + Math.Min(7, rows - 1) * cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count);
        V s40 = V.Load(c4), s41 = V.Load(c4 + V.Count);
        V s50 = V.Load(c5), s51 = V.Load(c5 + V.Count);
        V s60 = V.Load(c6), s61 = V.Load(c6 + V.Count);
        V s70 = V.Load(c7), s71 = V.Load(c7 + V.Count);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            b += 2 * V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
            V x1 = V.Create(a1[i]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            s11 = V.MultiplyAdd(x1, b1, s11);
            V x2 = V.Create(a2[i]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            s21 = V.MultiplyAdd(x2, b1, s21);
            V x3 = V.Create(a3[i]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            s31 = V.MultiplyAdd(x3, b1, s31);
            V x4 = V.Create(a4[i]);
            s40 = V.MultiplyAdd(x4, b0, s40);
            s41 = V.MultiplyAdd(x4, b1, s41);
            V x5 = V.Create(a5[i]);
            s50 = V.MultiplyAdd(x5, b0, s50);
            s51 = V.MultiplyAdd(x5, b1, s51);
            V x6 = V.Create(a6[i]);
            s60 = V.MultiplyAdd(x6, b0, s60);
            s61 = V.MultiplyAdd(x6, b1, s61);
            V x7 = V.Create(a7[i]);
            s70 = V.MultiplyAdd(x7, b0, s70);
            s71 = V.MultiplyAdd(x7, b1, s71);
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.Store(c2, s20);
        V.Store(c2 + V.Count, s21);
        V.Store(c3, s30);
        V.Store(c3 + V.Count, s31);
        V.Store(c4, s40);
        V.Store(c4 + V.Count, s41);
        V.Store(c5, s50);
        V.Store(c5 + V.Count, s51);
        V.Store(c6, s60);
        V.Store(c6 + V.Count, s61);
        V.Store(c7, s70);
        V.Store(c7 + V.Count, s71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride, a4 = a + Math.Min(4, rows - 1) * aStride, a5 = a + Math.Min(5, rows - 1) * aStride, a6 = a + Math.Min(6, rows - 1) * aStride, a7 = a + Math.Min(7, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride, c4 = c + Math.Min(4, rows - 1) * cStride, c5 = c + Math.Min(5, rows - 1) * cStride, c6 = c + Math.Min(6, rows - 1) * cStride, c7 = c + Math.Min(7, rows - 1) * cStride;
        V s00 = V.Load(c0);
        V s10 = V.Load(c1);
        V s20 = V.Load(c2);
        V s30 = V.Load(c3);
        V s40 = V.Load(c4);
        V s50 = V.Load(c5);
        V s60 = V.Load(c6);
        V s70 = V.Load(c7);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b);
            b += V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            V x1 = V.Create(a1[i]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            V x2 = V.Create(a2[i]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            V x3 = V.Create(a3[i]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            V x4 = V.Create(a4[i]);
            s40 = V.MultiplyAdd(x4, b0, s40);
            V x5 = V.Create(a5[i]);
            s50 = V.MultiplyAdd(x5, b0, s50);
            V x6 = V.Create(a6[i]);
            s60 = V.MultiplyAdd(x6, b0, s60);
            V x7 = V.Create(a7[i]);
            s70 = V.MultiplyAdd(x7, b0, s70);
        }
        V.Store(c0, s00);
        V.Store(c1, s10);
        V.Store(c2, s20);
        V.Store(c3, s30);
        V.Store(c4, s40);
        V.Store(c5, s50);
        V.Store(c6, s60);
        V.Store(c7, s70);
    }
}
