using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Content addressing that compares only a part of each slot, cos(k m, M(i) m) (arXiv:1904.10278, section 3.1): the dot product is that
/// with k m^2, the norms are those weighted by m^2. Layouts as in <see cref="MemoryMatrix"/>; squares [M] is m^2.
/// </summary>
internal static unsafe class MaskedNorms
{
    /// <summary>norms[n] = |M(n) m|.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Norms<V>(float* memory, float* squares, int width, int n, float* norms)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Broadcast(0f);
            for (int m = 0; m < width; m++)
            {
                V value = V.Load(memory + m * n + i);
                sum = V.Fma(V.Broadcast(squares[m]) * value, value, sum);
            }
            V.Store(norms + i, V.Sqrt(sum));
        }
    }

    /// <summary>
    /// Through <see cref="Norms{V}"/>, with byNorms the derivatives by the norms over the norms: adds to byMemory [M][n], sets bySquares to
    /// twice the derivatives by m^2.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void NormsBackward<V>(float* memory, float* squares, float* byNorms, int width, int n, float* byMemory, float* bySquares)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            V square = V.Broadcast(squares[m]), sum = V.Broadcast(0f);
            for (int i = 0; i < n; i += V.Count)
            {
                V value = V.Load(memory + m * n + i), part = V.Load(byNorms + i) * value;
                sum = V.Fma(part, value, sum);
                V.Store(byMemory + m * n + i, V.Fma(square, part, V.Load(byMemory + m * n + i)));
            }
            bySquares[m] = V.Sum(sum);
        }
    }
}
