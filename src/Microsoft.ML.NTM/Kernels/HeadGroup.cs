using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Four heads' vectors of n, one after another, taken turn about: a vector of the first head, of the second, third, fourth, and on. A loop
/// over slots then needs one address for all of them.
/// </summary>
internal static unsafe class HeadGroup
{
    public const int Heads = 4;

    /// <summary>[4, n] to [n / Count, 4, Count].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Interleave<V>(float* from, int n, float* to)
        where V : struct, ISimd<V>
    {
        for (nint j = 0; j < n; j += V.Count)
        {
            for (nint head = 0; head < Heads; head++)
                V.Store(to + Heads * j + head * V.Count, V.Load(from + head * n + j));
        }
    }

    /// <summary>[n / Count, 4, Count] to [4, n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Separate<V>(float* from, int n, float* to)
        where V : struct, ISimd<V>
    {
        for (nint j = 0; j < n; j += V.Count)
        {
            for (nint head = 0; head < Heads; head++)
                V.Store(to + head * n + j, V.Load(from + Heads * j + head * V.Count));
        }
    }
}
