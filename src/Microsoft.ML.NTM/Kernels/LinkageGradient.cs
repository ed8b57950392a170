using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>The derivatives of <see cref="Linkage"/>'s equations. "By" is the loss's derivative by what follows.</summary>
internal static unsafe class LinkageGradient
{
    /// <summary>
    /// Through <see cref="Linkage.Step{V}"/>, in one pass over the links before the write and the derivatives by the links after it, which
    /// become those by the links before it. Earlier writes are done again, two rows at a time. Adds to the derivatives by the weightings,
    /// the write weighting and the precedence; scratch is [4 + 4 R, n].
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Step<V>(in LinkWrite written, in LinkWrite byWritten, float* weightings, in LinkReads byReads, float* scratch)
        where V : struct, ISimd<V>
    {
        int slots = written.Slots, n = written.N, heads = byReads.Heads;
        float* links = written.Links, byLinks = byWritten.Links, write = written.Write, precedence = written.Precedence;
        float* byForward = byReads.Forward, byBackward = byReads.Backward, byWeightings = byReads.Weightings;
        int grouped = heads / HeadGroup.Heads * HeadGroup.Heads;
        float* next = scratch, again = scratch + 2 * n, turns = scratch + 4 * n;
        float* back = turns + grouped * n, to = back + grouped * n, sums = to + grouped * n;
        for (int head = 0; head < grouped; head += HeadGroup.Heads)
        {
            HeadGroup.Interleave<V>(weightings + head * n, n, turns + head * n);
            HeadGroup.Interleave<V>(byBackward + head * n, n, back + head * n);
            HeadGroup.Interleave<V>(byWeightings + head * n, n, to + head * n);
        }
        for (int i = 0; i < slots; i += Linkage.Rows)
        {
            float* pair = links + (nint)i * n, byPair = byLinks + (nint)i * n, ahead = pair + Linkage.Rows * n;
            if (written.Earlier > 0)
            {
                Linkage.Update<V>(written, written.Earlier, i, again);
                pair = again;
            }
            Linkage.Link<V>(pair, next, i, n, write, precedence);
            for (int head = 0; head < grouped; head += HeadGroup.Heads)
            {
                int at = head * n;
                var four = new FourHeads
                {
                    Before = ahead,
                    Here = weightings + at + i,
                    Ahead = byForward + at + i,
                    Weightings = turns + at,
                    ByBackward = back + at,
                    To = to + at,
                    Sums = sums + at + i,
                };
                FollowFour<V>(next, byPair, n, four);
            }
            for (int head = grouped; head < heads; head++)
            {
                var one = new OneHead
                {
                    Weighting = weightings + head * n,
                    ByForward = byForward + head * n,
                    ByBackward = byBackward + head * n,
                    ByWeighting = byWeightings + head * n,
                };
                Follow<V>(next, byPair, i, n, one);
            }
            Link<V>(pair, byPair, i, written, byWritten);
        }
        for (int head = 0; head < grouped; head += HeadGroup.Heads)
            HeadGroup.Separate<V>(to + head * n, n, byWeightings + head * n);
        for (int head = 0; head < grouped; head++)
        {
            for (int i = 0; i < slots; i++)
                byWeightings[head * n + i] += sums[head * n + i];
        }
    }

    /// <summary>
    /// Through <see cref="Linkage.Precedence{V}"/>: adds to byWrite; byPrecedence, that by what comes out, becomes that by what went in.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Precedence<V>(float* precedence, float* write, int n, float* byWrite, float* byPrecedence)
        where V : struct, ISimd<V>
    {
        V dot = V.Broadcast(0f), rest = V.Broadcast(1 - Linkage.Total<V>(write, n));
        for (int i = 0; i < n; i += V.Count)
            dot = V.Fma(V.Load(precedence + i), V.Load(byPrecedence + i), dot);
        V bySum = V.Broadcast(V.Sum(dot));
        for (int i = 0; i < n; i += V.Count)
        {
            V by = V.Load(byPrecedence + i);
            V.Store(byWrite + i, V.Load(byWrite + i) + (by - bySum));
            V.Store(byPrecedence + i, by * rest);
        }
    }

    // Rows i and i + 1 through the update itself.
    [MethodImpl(Jit.Optimized)]
    private static void Link<V>(float* pair, float* byPair, int i, in LinkWrite links, in LinkWrite byLinks)
        where V : struct, ISimd<V>
    {
        int n = links.N;
        float* write = links.Write, precedence = links.Precedence, byWrite = byLinks.Write, byPrecedence = byLinks.Precedence;
        float* next = pair + n, byNextRow = byPair + n;
        Linkage.ClearDiagonal<V>(byPair, i);
        Linkage.ClearDiagonal<V>(byNextRow, i + 1);
        V first = V.Broadcast(write[i]), second = V.Broadcast(write[i + 1]);
        V firstKept = V.Broadcast(1 - write[i]), secondKept = V.Broadcast(1 - write[i + 1]);
        V byFirst = V.Broadcast(0f), bySecond = byFirst;
        for (nint j = 0; j < n; j += V.Count)
        {
            V written = V.Load(write + j), before = V.Load(precedence + j);
            V by = V.Load(byPair + j), byNext = V.Load(byNextRow + j);
            V lost = by * V.Load(pair + j), lostNext = byNext * V.Load(next + j);
            (byFirst, bySecond) = (byFirst + V.Fma(by, before, V.Broadcast(0f) - lost),
                bySecond + V.Fma(byNext, before, V.Broadcast(0f) - lostNext));
            V.Store(byWrite + j, V.Load(byWrite + j) - (lost + lostNext));
            V.Store(byPrecedence + j, V.Fma(second, byNext, V.Fma(first, by, V.Load(byPrecedence + j))));
            V.Store(byPair + j, by * (firstKept - written));
            V.Store(byNextRow + j, byNext * (secondKept - written));
        }
        byWrite[i] += V.Sum(byFirst);
        byWrite[i + 1] += V.Sum(bySecond);
    }

    // Two rows through four heads' forward and backward weightings, interleaved; pair holds the links after the write.
    [MethodImpl(Jit.Optimized)]
    private static void FollowFour<V>(float* pair, float* byPair, int n, in FourHeads heads)
        where V : struct, ISimd<V>
    {
        float* here = heads.Here, ahead = heads.Ahead, sums = heads.Sums;
        float* weightings = heads.Weightings, byBackward = heads.ByBackward, to = heads.To;
        float* next = pair + n, byRow = byPair + n, before = heads.Before;
        V x0 = V.Broadcast(here[0]), x1 = V.Broadcast(here[n]), x2 = V.Broadcast(here[2 * n]), x3 = V.Broadcast(here[3 * n]);
        V y0 = V.Broadcast(here[1]), y1 = V.Broadcast(here[n + 1]), y2 = V.Broadcast(here[2 * n + 1]), y3 = V.Broadcast(here[3 * n + 1]);
        // In the loop's reach as numbers, because as vectors they would crowd out the sums.
        float* near = stackalloc float[2 * HeadGroup.Heads];
        for (int head = 0; head < HeadGroup.Heads; head++)
            (near[head], near[HeadGroup.Heads + head]) = (ahead[head * n], ahead[head * n + 1]);
        V s0 = V.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        for (nint j = 0; j < n; j += V.Count)
        {
            Linkage.Fetch(before + j);
            Linkage.Fetch(before + n + j);
            Linkage.Fetch(byPair + Linkage.Rows * n + j);
            Linkage.Fetch(byRow + Linkage.Rows * n + j);
            V first = V.Load(pair + j), second = V.Load(next + j), by = V.Load(byPair + j), byNext = V.Load(byRow + j);
            V w = V.Load(weightings), back = V.Load(byBackward);
            (V a, V c) = (V.Broadcast(near[0]), V.Broadcast(near[HeadGroup.Heads]));
            (by, byNext) = (V.Fma(a, w, V.Fma(x0, back, by)), V.Fma(c, w, V.Fma(y0, back, byNext)));
            (s0, t0) = (V.Fma(back, first, s0), V.Fma(back, second, t0));
            V.Store(to, V.Fma(c, second, V.Fma(a, first, V.Load(to))));
            (w, back) = (V.Load(weightings + V.Count), V.Load(byBackward + V.Count));
            (a, c) = (V.Broadcast(near[1]), V.Broadcast(near[HeadGroup.Heads + 1]));
            (by, byNext) = (V.Fma(a, w, V.Fma(x1, back, by)), V.Fma(c, w, V.Fma(y1, back, byNext)));
            (s1, t1) = (V.Fma(back, first, s1), V.Fma(back, second, t1));
            V.Store(to + V.Count, V.Fma(c, second, V.Fma(a, first, V.Load(to + V.Count))));
            (w, back) = (V.Load(weightings + 2 * V.Count), V.Load(byBackward + 2 * V.Count));
            (a, c) = (V.Broadcast(near[2]), V.Broadcast(near[HeadGroup.Heads + 2]));
            (by, byNext) = (V.Fma(a, w, V.Fma(x2, back, by)), V.Fma(c, w, V.Fma(y2, back, byNext)));
            (s2, t2) = (V.Fma(back, first, s2), V.Fma(back, second, t2));
            V.Store(to + 2 * V.Count, V.Fma(c, second, V.Fma(a, first, V.Load(to + 2 * V.Count))));
            (w, back) = (V.Load(weightings + 3 * V.Count), V.Load(byBackward + 3 * V.Count));
            (a, c) = (V.Broadcast(near[3]), V.Broadcast(near[HeadGroup.Heads + 3]));
            (by, byNext) = (V.Fma(a, w, V.Fma(x3, back, by)), V.Fma(c, w, V.Fma(y3, back, byNext)));
            (s3, t3) = (V.Fma(back, first, s3), V.Fma(back, second, t3));
            V.Store(to + 3 * V.Count, V.Fma(c, second, V.Fma(a, first, V.Load(to + 3 * V.Count))));
            V.Store(byPair + j, by);
            V.Store(byRow + j, byNext);
            weightings += HeadGroup.Heads * V.Count;
            byBackward += HeadGroup.Heads * V.Count;
            to += HeadGroup.Heads * V.Count;
        }
        (sums[0], sums[n], sums[2 * n], sums[3 * n]) = V.Sums(s0, s1, s2, s3);
        (sums[1], sums[n + 1], sums[2 * n + 1], sums[3 * n + 1]) = V.Sums(t0, t1, t2, t3);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Follow<V>(float* pair, float* byPair, int i, int n, in OneHead head)
        where V : struct, ISimd<V>
    {
        float* weighting = head.Weighting, byForward = head.ByForward, byBackward = head.ByBackward, byWeighting = head.ByWeighting;
        V x = V.Broadcast(weighting[i]), y = V.Broadcast(weighting[i + 1]), s = V.Broadcast(0f), t = s;
        V ahead = V.Broadcast(byForward[i]), aheadNext = V.Broadcast(byForward[i + 1]);
        for (int j = 0; j < n; j += V.Count)
        {
            V first = V.Load(pair + j), second = V.Load(pair + n + j), w = V.Load(weighting + j), back = V.Load(byBackward + j);
            V.Store(byPair + j, V.Fma(ahead, w, V.Fma(x, back, V.Load(byPair + j))));
            V.Store(byPair + n + j, V.Fma(aheadNext, w, V.Fma(y, back, V.Load(byPair + n + j))));
            (s, t) = (V.Fma(back, first, s), V.Fma(back, second, t));
            V.Store(byWeighting + j, V.Fma(aheadNext, second, V.Fma(ahead, first, V.Load(byWeighting + j))));
        }
        byWeighting[i] += V.Sum(s);
        byWeighting[i + 1] += V.Sum(t);
    }

    // A head that follows two rows of links, its vectors [n].
    private ref struct OneHead
    {
        public float* Weighting, ByForward, ByBackward, ByWeighting;
    }

    // Four heads that follow two rows of links. Weightings, ByBackward and To (by the weightings) are interleaved; Here and Ahead are the
    // weightings and the derivatives by the forward weightings of the first row's slot, Sums what these two slots' weightings get, each
    // head's n numbers behind the last one's. Before is what the links of the next two rows are made of.
    private ref struct FourHeads
    {
        public float* Before, Here, Ahead, Weightings, ByBackward, To, Sums;
    }
}
