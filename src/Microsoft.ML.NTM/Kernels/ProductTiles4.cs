using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of C += A B in registers: up to 4 rows of A [rows, k] times one panel of a <see cref="PackedMatrix{V}"/>. Rows above the last
/// are computed as the last one again: they read and write its numbers, alike. Each element is summed over k in order, by one chain
/// of multiply-adds, whatever the tile: a row's result does not depend on which rows stand beside it.
/// </summary>
internal static unsafe class ProductTiles4<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>C [rows, registers * lanes] += A [rows, k] B [k, registers * lanes].</summary>
    public static void Run(int registers, float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        switch (registers)
        {
            case 3:
                Tile4x3(a, aStride, rows, k, b, c, cStride);
                break;
            case 2:
                Tile4x2(a, aStride, rows, k, b, c, cStride);
                break;
            default:
                Tile4x1(a, aStride, rows, k, b, c, cStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count), s02 = V.Load(c0 + 2 * V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count), s12 = V.Load(c1 + 2 * V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count), s22 = V.Load(c2 + 2 * V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count), s32 = V.Load(c3 + 2 * V.Count);
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count);
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
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.Store(c1, s10);
        V.Store(c1 + V.Count, s11);
        V.Store(c2, s20);
        V.Store(c2 + V.Count, s21);
        V.Store(c3, s30);
        V.Store(c3 + V.Count, s31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(float* a, nint aStride, int rows, int k, float* b, float* c, nint cStride)
    {
        float* a0 = a, a1 = a + Math.Min(1, rows - 1) * aStride, a2 = a + Math.Min(2, rows - 1) * aStride, a3 = a + Math.Min(3, rows - 1) * aStride;
        float* c0 = c, c1 = c + Math.Min(1, rows - 1) * cStride, c2 = c + Math.Min(2, rows - 1) * cStride, c3 = c + Math.Min(3, rows - 1) * cStride;
        V s00 = V.Load(c0);
        V s10 = V.Load(c1);
        V s20 = V.Load(c2);
        V s30 = V.Load(c3);
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
        }
        V.Store(c0, s00);
        V.Store(c1, s10);
        V.Store(c2, s20);
        V.Store(c3, s30);
    }
}
