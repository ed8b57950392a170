using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Sums of a DNC's weightings, each by a number of its own (Nature 538:471, Methods, Eq. "write weighting" and "read weighting").
/// </summary>
internal static unsafe class Mixture
{
    /// <summary>result = pi[0] backward + pi[1] content + pi[2] forward.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Read<V>(ReadSources sources, float* modes, int n, float* result)
        where V : struct, ISimd<V>
    {
        float* backward = sources.Backward, content = sources.Content, forward = sources.Forward;
        V back = V.Broadcast(modes[0]), found = V.Broadcast(modes[1]), ahead = V.Broadcast(modes[2]);
        for (int i = 0; i < n; i += V.Count)
            V.Store(result + i, V.Fma(back, V.Load(backward + i), V.Fma(found, V.Load(content + i), ahead * V.Load(forward + i))));
    }

    /// <summary>Through <see cref="Read{V}"/>: what <paramref name="bySources"/> points to and byModes [3].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void ReadBackward<V>(float* by, in ReadSources sources, float* modes, int n, in ReadSources bySources, float* byModes)
        where V : struct, ISimd<V>
    {
        float* backward = sources.Backward, content = sources.Content, forward = sources.Forward;
        float* byBackward = bySources.Backward, byContent = bySources.Content, byForward = bySources.Forward;
        V back = V.Broadcast(modes[0]), found = V.Broadcast(modes[1]), ahead = V.Broadcast(modes[2]);
        V byBack = V.Broadcast(0f), byFound = byBack, byAhead = byBack;
        for (int i = 0; i < n; i += V.Count)
        {
            V whole = V.Load(by + i);
            byBack = V.Fma(whole, V.Load(backward + i), byBack);
            byFound = V.Fma(whole, V.Load(content + i), byFound);
            byAhead = V.Fma(whole, V.Load(forward + i), byAhead);
            V.Store(byBackward + i, whole * back);
            V.Store(byContent + i, whole * found);
            V.Store(byForward + i, whole * ahead);
        }
        (byModes[0], byModes[1], byModes[2], _) = V.Sums(byBack, byFound, byAhead, V.Broadcast(0f));
    }

    /// <summary>result = g_w (g_a allocation + (1 - g_a) content).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Write<V>(float* allocation, float* content, WriteGates gates, int n, float* result)
        where V : struct, ISimd<V>
    {
        V fresh = V.Broadcast(gates.Write * gates.Allocation), found = V.Broadcast(gates.Write * (1 - gates.Allocation));
        for (int i = 0; i < n; i += V.Count)
            V.Store(result + i, V.Fma(fresh, V.Load(allocation + i), found * V.Load(content + i)));
    }

    /// <summary>Through <see cref="Write{V}"/>: byAllocation and byContent [n], and returns the derivatives by the gates.</summary>
    [MethodImpl(Jit.Optimized)]
    public static WriteGates WriteBackward<V>(float* by, float* allocation, float* content, WriteGates gates, int n, float* byAllocation,
        float* byContent)
        where V : struct, ISimd<V>
    {
        V fresh = V.Broadcast(gates.Write * gates.Allocation), found = V.Broadcast(gates.Write * (1 - gates.Allocation));
        V byFresh = V.Broadcast(0f), byFound = byFresh;
        for (int i = 0; i < n; i += V.Count)
        {
            V whole = V.Load(by + i);
            byFresh = V.Fma(whole, V.Load(allocation + i), byFresh);
            byFound = V.Fma(whole, V.Load(content + i), byFound);
            V.Store(byAllocation + i, whole * fresh);
            V.Store(byContent + i, whole * found);
        }
        float first = V.Sum(byFresh), second = V.Sum(byFound);
        return new WriteGates(gates.Write * (first - second), gates.Allocation * first + (1 - gates.Allocation) * second);
    }
}
