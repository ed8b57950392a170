using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>Erasing what the free gates release (arXiv:1904.10278, section 3.2); layouts as in <see cref="MemoryMatrix"/>.</summary>
internal static unsafe class SlotRetention
{
    /// <summary>to[m][n] = memory[m][n] * retention[n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Retain<V>(float* memory, float* retention, int width, int n, float* to)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            for (int i = 0; i < n; i += V.Count)
                V.Store(to + m * n + i, V.Load(memory + m * n + i) * V.Load(retention + i));
        }
    }

    /// <summary>
    /// Through <see cref="Retain{V}"/>: byMemory, that by what comes out, becomes that by what went in; sets byRetention [n].
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void RetainBackward<V>(float* memory, float* retention, int width, int n, float* byMemory, float* byRetention)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V kept = V.Load(retention + i), sum = V.Broadcast(0f);
            for (int m = 0; m < width; m++)
            {
                V by = V.Load(byMemory + m * n + i);
                sum = V.Fma(by, V.Load(memory + m * n + i), sum);
                V.Store(byMemory + m * n + i, by * kept);
            }
            V.Store(byRetention + i, sum);
        }
    }
}
