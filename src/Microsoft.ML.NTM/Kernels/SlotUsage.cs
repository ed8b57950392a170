using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Which slots of a DNC's memory are in use (Nature 538:471, Methods, "Dynamic memory allocation"), for one row. All vectors of slots are
/// [n]: N rounded up to a multiple of 16, 0 beyond N; weightings of several heads stand one after another.
/// </summary>
internal static unsafe class SlotUsage
{
    /// <summary>retention = prod_r (1 - f^r w^r): what the free gates [R] leave of what was read, weightings [R, n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Retention<V>(float* weightings, float* freeGates, int heads, int n, float* retention)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f);
        for (int i = 0; i < n; i += V.Count)
        {
            V product = one;
            for (int head = 0; head < heads; head++)
                product *= V.NegativeFma(V.Broadcast(freeGates[head]), V.Load(weightings + head * n + i), one);
            V.Store(retention + i, product);
        }
    }

    /// <summary>Through <see cref="Retention{V}"/>: adds to byWeightings [R, n] and sets byFreeGates [R].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void RetentionBackward<V>(float* byRetention, float* weightings, float* freeGates, int heads, int n, float* byWeightings,
        float* byFreeGates)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f), zero = V.Broadcast(0f);
        for (int head = 0; head < heads; head++)
        {
            V gate = V.Broadcast(freeGates[head]), byGate = zero;
            float* weighting = weightings + head * n, byWeighting = byWeightings + head * n;
            for (int i = 0; i < n; i += V.Count)
            {
                // The other heads' product, without a division by this one's factor.
                V others = V.Load(byRetention + i);
                for (int other = 0; other < heads; other++)
                {
                    if (other != head)
                        others *= V.NegativeFma(V.Broadcast(freeGates[other]), V.Load(weightings + other * n + i), one);
                }
                byGate = V.NegativeFma(others, V.Load(weighting + i), byGate);
                V.Store(byWeighting + i, V.NegativeFma(others, gate, V.Load(byWeighting + i)));
            }
            byFreeGates[head] = V.Sum(byGate);
        }
    }

    /// <summary>next = (u + w - u w) retention, with last step's usage u and write weighting w.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Next<V>(float* usage, float* write, float* retention, int n, float* next)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f);
        for (int i = 0; i < n; i += V.Count)
        {
            V used = V.Load(usage + i);
            V.Store(next + i, V.Fma(V.Load(write + i), one - used, used) * V.Load(retention + i));
        }
    }

    /// <summary>Through <see cref="Next{V}"/>: byUsage, which is also that by what comes out, and byWrite; adds to byRetention.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void NextBackward<V>(float* byUsage, float* usage, float* write, float* retention, int n, float* byWrite,
        float* byRetention)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f);
        for (int i = 0; i < n; i += V.Count)
        {
            V by = V.Load(byUsage + i), used = V.Load(usage + i), written = V.Load(write + i), kept = by * V.Load(retention + i);
            V.Store(byRetention + i, V.Fma(by, V.Fma(written, one - used, used), V.Load(byRetention + i)));
            V.Store(byWrite + i, kept * (one - used));
            V.Store(byUsage + i, kept * (one - written));
        }
    }
}
