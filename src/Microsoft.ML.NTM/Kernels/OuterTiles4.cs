using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of C += A^T B in registers, 4 columns of A [k, 4] by up to 3 registers' columns of B [k, ...]: 4 rows of C. Each element is
/// summed over k in order.
/// </summary>
internal static unsafe class OuterTiles4<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>C [4, registers * lanes] += A^T B over k rows of both.</summary>
    public static void Run(int registers, float* a, nint aStride, float* b, nint bStride, int k, float* c, nint cStride)
    {
        switch (registers)
        {
            case 3:
                Tile4x3(a, aStride, b, bStride, k, c, cStride);
                break;
            case 2:
                Tile4x2(a, aStride, b, bStride, k, c, cStride);
                break;
            default:
                Tile4x1(a, aStride, b, bStride, k, c, cStride);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(float* a, nint aStride, float* b, nint bStride, int k, float* c, nint cStride)
    {
        float* c0 = c, c1 = c0 + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count), s02 = V.Load(c0 + 2 * V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count), s12 = V.Load(c1 + 2 * V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count), s22 = V.Load(c2 + 2 * V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count), s32 = V.Load(c3 + 2 * V.Count);
        for (; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            V x0 = V.Create(a[0]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
            s02 = V.MultiplyAdd(x0, b2, s02);
            V x1 = V.Create(a[1]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            s11 = V.MultiplyAdd(x1, b1, s11);
            s12 = V.MultiplyAdd(x1, b2, s12);
            V x2 = V.Create(a[2]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            s21 = V.MultiplyAdd(x2, b1, s21);
            s22 = V.MultiplyAdd(x2, b2, s22);
            V x3 = V.Create(a[3]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            s31 = V.MultiplyAdd(x3, b1, s31);
            s32 = V.MultiplyAdd(x3, b2, s32);
            a += aStride;
            b += bStride;
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
    private static void Tile4x2(float* a, nint aStride, float* b, nint bStride, int k, float* c, nint cStride)
    {
        float* c0 = c, c1 = c0 + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count);
        V s10 = V.Load(c1), s11 = V.Load(c1 + V.Count);
        V s20 = V.Load(c2), s21 = V.Load(c2 + V.Count);
        V s30 = V.Load(c3), s31 = V.Load(c3 + V.Count);
        for (; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V x0 = V.Create(a[0]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
            V x1 = V.Create(a[1]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            s11 = V.MultiplyAdd(x1, b1, s11);
            V x2 = V.Create(a[2]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            s21 = V.MultiplyAdd(x2, b1, s21);
            V x3 = V.Create(a[3]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            s31 = V.MultiplyAdd(x3, b1, s31);
            a += aStride;
            b += bStride;
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
    private static void Tile4x1(float* a, nint aStride, float* b, nint bStride, int k, float* c, nint cStride)
    {
        float* c0 = c, c1 = c0 + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
        V s00 = V.Load(c0);
        V s10 = V.Load(c1);
        V s20 = V.Load(c2);
        V s30 = V.Load(c3);
        for (; k > 0; k--)
        {
            V b0 = V.Load(b);
            V x0 = V.Create(a[0]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            V x1 = V.Create(a[1]);
            s10 = V.MultiplyAdd(x1, b0, s10);
            V x2 = V.Create(a[2]);
            s20 = V.MultiplyAdd(x2, b0, s20);
            V x3 = V.Create(a[3]);
            s30 = V.MultiplyAdd(x3, b0, s30);
            a += aStride;
            b += bStride;
        }
        V.Store(c0, s00);
        V.Store(c1, s10);
        V.Store(c2, s20);
        V.Store(c3, s30);
    }
}
