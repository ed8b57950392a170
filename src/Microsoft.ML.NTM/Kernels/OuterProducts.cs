using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Sums of outer products, C += A^T B: a weight's gradient from all steps' output gradients A and inputs B. Every number of C is summed
/// over the rows of A and B in order.
/// </summary>
internal static unsafe class OuterProducts
{
    // Rows of B that stay in the first-level cache while the tiles of C pass by.
    private const int Depth = 128;

    /// <summary>
    /// C [outputs, inputs] += sum over k of A[k]^T B[k]; A is [rows, outputs], B is [rows, inputs], strides between rows. Up to two
    /// vectors beyond a row of B are read.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Add<V>(float* a, int aStride, int outputs, float* b, int bStride, int inputs, int rows, float* c, int cStride)
        where V : struct, ISimd<V>
    {
        for (int k = 0; k < rows; k += Depth)
        {
            int depth = Math.Min(Depth, rows - k);
            for (int from = 0; from < inputs; from += 2 * V.Count)
            {
                Column<V>(a + (nint)k * aStride, aStride, outputs, b + (nint)k * bStride + from, bStride, depth, c + from, cStride,
                    Math.Min(2 * V.Count, inputs - from));
            }
        }
    }

    /// <summary>sums[outputs] += the rows of A [rows, outputs], in order.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void AddRows<V>(float* a, int aStride, int outputs, int rows, float* sums)
        where V : struct, ISimd<V>
    {
        for (int from = 0; from < outputs; from += V.Count)
        {
            int count = Math.Min(V.Count, outputs - from);
            V sum = V.LoadFirst(sums + from, count);
            float* row = a + from;
            for (int k = 0; k < rows; k++)
            {
                sum += V.LoadFirst(row, count);
                row += aStride;
            }
            V.StoreFirst(sums + from, sum, count);
        }
    }

    // Two vectors of C's columns, all its rows.
    [MethodImpl(Jit.Optimized)]
    private static void Column<V>(float* a, int aStride, int outputs, float* b, int bStride, int depth, float* c, int cStride, int width)
        where V : struct, ISimd<V>
    {
        int row = 0;
        while (row < outputs)
        {
            float* to = c + (nint)row * cStride;
            int remaining = outputs - row;
            if (V.ManyRegisters && remaining >= 8)
            {
                if (width > V.Count)
                    Tile8<V>(a + row, aStride, b, bStride, depth, to, cStride, width);
                else
                    Narrow8<V>(a + row, aStride, b, bStride, depth, to, cStride, width);
                row += 8;
            }
            else if (remaining >= 4)
            {
                Tile4<V>(a + row, aStride, b, bStride, depth, to, cStride, width);
                row += 4;
            }
            else
            {
                Tile1<V>(a + row, aStride, b, bStride, depth, to, width);
                row++;
            }
        }
    }

    // 8 rows of C
    [MethodImpl(Jit.Optimized)]
    private static void Tile8<V>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint stride, int width)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.LoadFirst(c, first), c01 = V.LoadFirst(c + V.Count, second);
        V c10 = V.LoadFirst(c + stride, first), c11 = V.LoadFirst(c + stride + V.Count, second);
        V c20 = V.LoadFirst(c + 2 * stride, first), c21 = V.LoadFirst(c + 2 * stride + V.Count, second);
        V c30 = V.LoadFirst(c + 3 * stride, first), c31 = V.LoadFirst(c + 3 * stride + V.Count, second);
        V c40 = V.LoadFirst(c + 4 * stride, first), c41 = V.LoadFirst(c + 4 * stride + V.Count, second);
        V c50 = V.LoadFirst(c + 5 * stride, first), c51 = V.LoadFirst(c + 5 * stride + V.Count, second);
        V c60 = V.LoadFirst(c + 6 * stride, first), c61 = V.LoadFirst(c + 6 * stride + V.Count, second);
        V c70 = V.LoadFirst(c + 7 * stride, first), c71 = V.LoadFirst(c + 7 * stride + V.Count, second);
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            V a1 = V.Broadcast(a[1]);
            (c10, c11) = (V.Fma(a1, b0, c10), V.Fma(a1, b1, c11));
            V a2 = V.Broadcast(a[2]);
            (c20, c21) = (V.Fma(a2, b0, c20), V.Fma(a2, b1, c21));
            V a3 = V.Broadcast(a[3]);
            (c30, c31) = (V.Fma(a3, b0, c30), V.Fma(a3, b1, c31));
            V a4 = V.Broadcast(a[4]);
            (c40, c41) = (V.Fma(a4, b0, c40), V.Fma(a4, b1, c41));
            V a5 = V.Broadcast(a[5]);
            (c50, c51) = (V.Fma(a5, b0, c50), V.Fma(a5, b1, c51));
            V a6 = V.Broadcast(a[6]);
            (c60, c61) = (V.Fma(a6, b0, c60), V.Fma(a6, b1, c61));
            V a7 = V.Broadcast(a[7]);
            (c70, c71) = (V.Fma(a7, b0, c70), V.Fma(a7, b1, c71));
            a += aStride;
            b += bStride;
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

    // 4 rows of C
    [MethodImpl(Jit.Optimized)]
    private static void Tile4<V>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, nint stride, int width)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.LoadFirst(c, first), c01 = V.LoadFirst(c + V.Count, second);
        V c10 = V.LoadFirst(c + stride, first), c11 = V.LoadFirst(c + stride + V.Count, second);
        V c20 = V.LoadFirst(c + 2 * stride, first), c21 = V.LoadFirst(c + 2 * stride + V.Count, second);
        V c30 = V.LoadFirst(c + 3 * stride, first), c31 = V.LoadFirst(c + 3 * stride + V.Count, second);
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            V a1 = V.Broadcast(a[1]);
            (c10, c11) = (V.Fma(a1, b0, c10), V.Fma(a1, b1, c11));
            V a2 = V.Broadcast(a[2]);
            (c20, c21) = (V.Fma(a2, b0, c20), V.Fma(a2, b1, c21));
            V a3 = V.Broadcast(a[3]);
            (c30, c31) = (V.Fma(a3, b0, c30), V.Fma(a3, b1, c31));
            a += aStride;
            b += bStride;
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

    // 1 row of C
    [MethodImpl(Jit.Optimized)]
    private static void Tile1<V>(float* a, nint aStride, float* b, nint bStride, int depth, float* c, int width)
        where V : struct, ISimd<V>
    {
        int first = Math.Min(width, V.Count), second = Math.Max(width - V.Count, 0);
        V c00 = V.LoadFirst(c, first), c01 = V.LoadFirst(c + V.Count, second);
        for (int k = 0; k < depth; k++)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count);
            V a0 = V.Broadcast(a[0]);
            (c00, c01) = (V.Fma(a0, b0, c00), V.Fma(a0, b1, c01));
            a += aStride;
            b += bStride;
        }
        V.StoreFirst(c, c00, first);
        V.StoreFirst(c + V.Count, c01, second);
    }

    // 8 rows of C, one vector wide
    [MethodImpl(Jit.Optimized)]
    private static void Narrow8<V>(float* a, int aStride, float* b, int bStride, int depth, float* c, nint stride, int width)
        where V : struct, ISimd<V>
    {
        V c0 = V.LoadFirst(c, width);
        V c1 = V.LoadFirst(c + stride, width);
        V c2 = V.LoadFirst(c + 2 * stride, width);
        V c3 = V.LoadFirst(c + 3 * stride, width);
        V c4 = V.LoadFirst(c + 4 * stride, width);
        V c5 = V.LoadFirst(c + 5 * stride, width);
        V c6 = V.LoadFirst(c + 6 * stride, width);
        V c7 = V.LoadFirst(c + 7 * stride, width);
        for (int k = 0; k < depth; k++)
        {
            V line = V.Load(b);
            c0 = V.Fma(V.Broadcast(a[0]), line, c0);
            c1 = V.Fma(V.Broadcast(a[1]), line, c1);
            c2 = V.Fma(V.Broadcast(a[2]), line, c2);
            c3 = V.Fma(V.Broadcast(a[3]), line, c3);
            c4 = V.Fma(V.Broadcast(a[4]), line, c4);
            c5 = V.Fma(V.Broadcast(a[5]), line, c5);
            c6 = V.Fma(V.Broadcast(a[6]), line, c6);
            c7 = V.Fma(V.Broadcast(a[7]), line, c7);
            a += aStride;
            b += bStride;
        }
        V.StoreFirst(c, c0, width);
        V.StoreFirst(c + stride, c1, width);
        V.StoreFirst(c + 2 * stride, c2, width);
        V.StoreFirst(c + 3 * stride, c3, width);
        V.StoreFirst(c + 4 * stride, c4, width);
        V.StoreFirst(c + 5 * stride, c5, width);
        V.StoreFirst(c + 6 * stride, c6, width);
        V.StoreFirst(c + 7 * stride, c7, width);
    }
}
