using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// In which order a DNC's slots were written (Nature 538:471, Methods, "Temporal memory linkage"), for one row. Links are [n][n], of which
/// the first N rows are used; links[i][j] says that i was written right after j. Vectors of slots are [n], 0 beyond N.
/// </summary>
internal static unsafe class Linkage
{
    /// <summary>Rows of links taken at once: they stay in the first-level cache, and a vector of columns serves both.</summary>
    public const int Rows = 2;

    private const int MostLanes = 16;

    // Ones around a zero: loaded from the right place, a vector that is 0 in one lane.
    private static readonly PinnedBuffer s_allButOne = AllButOne();

    /// <summary>
    /// Makes links those after a write, L[i,j] = (1 - w[i] - w[j]) L[i,j] + w[i] p[j] with 0 on the diagonal, and follows them from last
    /// step's read weightings: forward^r = L w^r and backward^r = L^T w^r. The links are passed over once. scratch is [2 R, n].
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Step<V>(in LinkWrite written, in LinkReads reads, float* scratch)
        where V : struct, ISimd<V>
    {
        int slots = written.Slots, n = written.N, heads = reads.Heads;
        float* links = written.Links, write = written.Write, precedence = written.Precedence;
        float* weightings = reads.Weightings, forward = reads.Forward, backward = reads.Backward;
        int grouped = heads / HeadGroup.Heads * HeadGroup.Heads;
        float* turns = scratch, back = scratch + grouped * n;
        for (int head = 0; head < grouped; head += HeadGroup.Heads)
            HeadGroup.Interleave<V>(weightings + head * n, n, turns + head * n);
        new Span<float>(back, grouped * n).Clear();
        new Span<float>(backward, heads * n).Clear();
        for (int i = 0; i < slots; i += Rows)
        {
            float* pair = links + (nint)i * n;
            Link<V>(pair, pair, i, n, write, precedence);
            for (int head = 0; head < grouped; head += HeadGroup.Heads)
                FollowFour<V>(pair, weightings + head * n + i, n, turns + head * n, forward + head * n + i, back + head * n);
            for (int head = grouped; head < heads; head++)
                Follow<V>(pair, i, n, weightings + head * n, forward + head * n, backward + head * n);
        }
        for (int head = 0; head < grouped; head += HeadGroup.Heads)
            HeadGroup.Separate<V>(back + head * n, n, backward + head * n);
        int used = (slots + Rows - 1) / Rows * Rows;
        for (int head = 0; head < heads; head++)
            new Span<float>(forward + head * n + used, n - used).Clear();
    }

    /// <summary>The links after a write, and the earlier ones, alone: one pass for all of them.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Update<V>(in LinkWrite written, float* to)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < written.Slots; i += Rows)
            Update<V>(written, written.Earlier + 1, i, to + (nint)i * written.N);
    }

    /// <summary>Rows i and i + 1 of the links after the first few of a write's earlier ones and the write itself: 1 or more.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Update<V>(in LinkWrite written, int writes, int i, float* to)
        where V : struct, ISimd<V>
    {
        int n = written.N;
        nint stride = written.Stride;
        float* from = written.Links + (nint)i * n, next = from + n;
        float* write = written.Write - written.Earlier * stride, precedence = written.Precedence - written.Earlier * stride;
        V one = V.Broadcast(1f);
        for (nint j = 0; j < n; j += V.Count)
        {
            V first = V.Load(from + j), second = V.Load(next + j);
            float* at = write, was = precedence;
            for (int left = writes; left > 0; left--)
            {
                V here = V.Load(at + j), before = V.Load(was + j), w = V.Broadcast(at[i]), v = V.Broadcast(at[i + 1]);
                first = V.Fma(one - w - here, first, w * before);
                second = V.Fma(one - v - here, second, v * before);
                at += stride;
                was += stride;
            }
            V.Store(to + j, first);
            V.Store(to + n + j, second);
        }
        // Nothing but a slot's own link with itself is made of it.
        ClearDiagonal<V>(to, i);
        ClearDiagonal<V>(to + n, i + 1);
    }

    /// <summary>Rows i and i + 1 of the links after a write.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Link<V>(float* from, float* to, int i, int n, float* write, float* precedence)
        where V : struct, ISimd<V>
    {
        V first = V.Broadcast(write[i]), second = V.Broadcast(write[i + 1]);
        V firstKept = V.Broadcast(1 - write[i]), secondKept = V.Broadcast(1 - write[i + 1]);
        float* fromNext = from + n, toNext = to + n;
        for (nint j = 0; j < n; j += V.Count)
        {
            V written = V.Load(write + j), before = V.Load(precedence + j);
            V.Store(to + j, V.Fma(firstKept - written, V.Load(from + j), first * before));
            V.Store(toNext + j, V.Fma(secondKept - written, V.Load(fromNext + j), second * before));
        }
        ClearDiagonal<V>(to, i);
        ClearDiagonal<V>(toNext, i + 1);
    }

    /// <summary>row[i] = 0, in a whole vector: what is read next as one need not wait for a single number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClearDiagonal<V>(float* row, int i)
        where V : struct, ISimd<V>
    {
        int lane = i % V.Count;
        float* at = row + (i - lane);
        V.Store(at, V.Load(at) * V.Load(s_allButOne.Pointer + MostLanes - lane));
    }

    /// <summary>next = (1 - sum w) p + w.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Precedence<V>(float* precedence, float* write, int n, float* next)
        where V : struct, ISimd<V>
    {
        V rest = V.Broadcast(1 - Total<V>(write, n));
        for (int i = 0; i < n; i += V.Count)
            V.Store(next + i, V.Fma(rest, V.Load(precedence + i), V.Load(write + i)));
    }

    /// <summary>The sum of n numbers.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Total<V>(float* values, int n)
        where V : struct, ISimd<V>
    {
        V sum = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
            sum += V.Load(values + i);
        return V.Sum(sum);
    }

    // Two rows of links and four heads, interleaved: forward[i], forward[i + 1], and their part of backward.
    [MethodImpl(Jit.Optimized)]
    private static void FollowFour<V>(float* pair, float* here, int n, float* weightings, float* forward, float* backward)
        where V : struct, ISimd<V>
    {
        float* next = pair + n, to = forward;
        V x0 = V.Broadcast(here[0]), x1 = V.Broadcast(here[n]), x2 = V.Broadcast(here[2 * n]), x3 = V.Broadcast(here[3 * n]);
        V y0 = V.Broadcast(here[1]), y1 = V.Broadcast(here[n + 1]), y2 = V.Broadcast(here[2 * n + 1]), y3 = V.Broadcast(here[3 * n + 1]);
        V f0 = V.Broadcast(0f), f1 = f0, f2 = f0, f3 = f0, g0 = f0, g1 = f0, g2 = f0, g3 = f0;
        for (nint j = 0; j < n; j += V.Count)
        {
            Fetch(pair + Rows * n + j);
            Fetch(next + Rows * n + j);
            V first = V.Load(pair + j), second = V.Load(next + j);
            V w = V.Load(weightings);
            (f0, g0) = (V.Fma(first, w, f0), V.Fma(second, w, g0));
            V.Store(backward, V.Fma(y0, second, V.Fma(x0, first, V.Load(backward))));
            w = V.Load(weightings + V.Count);
            (f1, g1) = (V.Fma(first, w, f1), V.Fma(second, w, g1));
            V.Store(backward + V.Count, V.Fma(y1, second, V.Fma(x1, first, V.Load(backward + V.Count))));
            w = V.Load(weightings + 2 * V.Count);
            (f2, g2) = (V.Fma(first, w, f2), V.Fma(second, w, g2));
            V.Store(backward + 2 * V.Count, V.Fma(y2, second, V.Fma(x2, first, V.Load(backward + 2 * V.Count))));
            w = V.Load(weightings + 3 * V.Count);
            (f3, g3) = (V.Fma(first, w, f3), V.Fma(second, w, g3));
            V.Store(backward + 3 * V.Count, V.Fma(y3, second, V.Fma(x3, first, V.Load(backward + 3 * V.Count))));
            weightings += HeadGroup.Heads * V.Count;
            backward += HeadGroup.Heads * V.Count;
        }
        (to[0], to[n], to[2 * n], to[3 * n]) = V.Sums(f0, f1, f2, f3);
        (to[1], to[n + 1], to[2 * n + 1], to[3 * n + 1]) = V.Sums(g0, g1, g2, g3);
    }

    /// <summary>Asks for the cache line that a number is in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PinnedBuffer AllButOne()
    {
        var ones = new PinnedBuffer(2 * MostLanes);
        ones.Span(0, 2 * MostLanes).Fill(1);
        ones.Pointer[MostLanes] = 0;
        return ones;
    }

    [MethodImpl(Jit.Optimized)]
    private static void Follow<V>(float* pair, int i, int n, float* weighting, float* forward, float* backward)
        where V : struct, ISimd<V>
    {
        V x = V.Broadcast(weighting[i]), y = V.Broadcast(weighting[i + 1]), f = V.Broadcast(0f), g = f;
        for (int j = 0; j < n; j += V.Count)
        {
            V first = V.Load(pair + j), second = V.Load(pair + n + j), w = V.Load(weighting + j);
            (f, g) = (V.Fma(first, w, f), V.Fma(second, w, g));
            V.Store(backward + j, V.Fma(y, second, V.Fma(x, first, V.Load(backward + j))));
        }
        (forward[i], forward[i + 1]) = (V.Sum(f), V.Sum(g));
    }
}
