using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Tiles of C += A B in registers: one row of A [1, k] times one panel of a <see cref="PackedMatrix{V}"/>.  Each element is summed over k in order, by one chain
/// of multiply-adds, whatever the tile: a row's result does not depend on which rows stand beside it.
/// </summary>
internal static unsafe class ProductTiles1<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>C [rows, registers * lanes] += A [rows, k] B [k, registers * lanes].</summary>
    public static void Run(int registers, float* a, int k, float* b, float* c)
    {
        switch (registers)
        {
            case 3:
                Tile1x3(a, k, b, c);
                break;
            case 2:
                Tile1x2(a, k, b, c);
                break;
            default:
                Tile1x1(a, k, b, c);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x3(float* a, int k, float* b, float* c)
    {
        float* a0 = a, c0 = c;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count), s02 = V.Load(c0 + 2 * V.Count);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), b2 = V.Load(b + 2 * V.Count);
            b += 3 * V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
            s02 = V.MultiplyAdd(x0, b2, s02);
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
        V.Store(c0 + 2 * V.Count, s02);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(float* a, int k, float* b, float* c)
    {
        float* a0 = a, c0 = c;
        V s00 = V.Load(c0), s01 = V.Load(c0 + V.Count);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            b += 2 * V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
            s01 = V.MultiplyAdd(x0, b1, s01);
        }
        V.Store(c0, s00);
        V.Store(c0 + V.Count, s01);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(float* a, int k, float* b, float* c)
    {
        float* a0 = a, c0 = c;
        V s00 = V.Load(c0);
        for (nint i = 0; i < k; i++)
        {
            V b0 = V.Load(b);
            b += V.Count;
            V x0 = V.Create(a0[i]);
            s00 = V.MultiplyAdd(x0, b0, s00);
        }
        V.Store(c0, s00);
    }
}
