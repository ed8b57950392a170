namespace Microsoft.ML.NTM.Kernels;

/// <summary>The derivatives of <see cref="Linkage"/>'s equations. "By" is the loss's derivative by what follows.</summary>
internal static unsafe class LinkageGradient
{
    private const int Heads = 4;

    /// <summary>
    /// Through <see cref="Linkage.Step{V}"/>, in one pass over links before the write and byLinks, which are those by the links after it and
    /// become those by the links before it. Adds to byWeightings [R, n], byWrite and byPrecedence [n]; scratch is [2, n].
    /// </summary>
    public static void Step<V>(float* links, float* byLinks, int slots, int n, float* write, float* precedence, float* weightings, int heads,
        float* byForward, float* byBackward, float* scratch, float* byWeightings, float* byWrite, float* byPrecedence)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < slots; i += Linkage.Rows)
        {
            float* pair = links + (nint)i * n, byPair = byLinks + (nint)i * n;
            Linkage.Link<V>(pair, scratch, i, n, write, precedence);
            int head = 0;
            for (; head + Heads <= heads; head += Heads)
            {
                int at = head * n;
                FollowFour<V>(scratch, byPair, i, n, weightings + at, byForward + at, byBackward + at, byWeightings + at);
            }
            for (; head < heads; head++)
                Follow<V>(scratch, byPair, i, n, weightings + head * n, byForward + head * n, byBackward + head * n, byWeightings + head * n);
            Link<V>(pair, byPair, i, n, write, precedence, byWrite, byPrecedence);
        }
    }

    /// <summary>
    /// Through <see cref="Linkage.Precedence{V}"/>: adds to byWrite; byPrecedence, that by what comes out, becomes that by what went in.
    /// </summary>
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
    private static void Link<V>(float* pair, float* byPair, int i, int n, float* write, float* precedence, float* byWrite, float* byPrecedence)
        where V : struct, ISimd<V>
    {
        byPair[i] = 0;
        byPair[n + i + 1] = 0;
        V first = V.Broadcast(write[i]), second = V.Broadcast(write[i + 1]);
        V firstKept = V.Broadcast(1 - write[i]), secondKept = V.Broadcast(1 - write[i + 1]);
        V byFirst = V.Broadcast(0f), bySecond = byFirst;
        for (int j = 0; j < n; j += V.Count)
        {
            V written = V.Load(write + j), before = V.Load(precedence + j);
            V by = V.Load(byPair + j), byNext = V.Load(byPair + n + j);
            V lost = by * V.Load(pair + j), lostNext = byNext * V.Load(pair + n + j);
            (byFirst, bySecond) = (byFirst + V.Fma(by, before, V.Broadcast(0f) - lost), bySecond + V.Fma(byNext, before, V.Broadcast(0f) - lostNext));
            V.Store(byWrite + j, V.Load(byWrite + j) - (lost + lostNext));
            V.Store(byPrecedence + j, V.Fma(second, byNext, V.Fma(first, by, V.Load(byPrecedence + j))));
            V.Store(byPair + j, by * (firstKept - written));
            V.Store(byPair + n + j, byNext * (secondKept - written));
        }
        byWrite[i] += V.Sum(byFirst);
        byWrite[i + 1] += V.Sum(bySecond);
    }

    // Two rows through four heads' forward and backward weightings; pair holds the links after the write.
    private static void FollowFour<V>(float* pair, float* byPair, int i, int n, float* weightings, float* byForward, float* byBackward,
        float* byWeightings)
        where V : struct, ISimd<V>
    {
        float* w0 = weightings, w1 = w0 + n, w2 = w1 + n, w3 = w2 + n;
        float* f0 = byForward + i, f1 = f0 + n, f2 = f1 + n, f3 = f2 + n;
        float* b0 = byBackward, b1 = b0 + n, b2 = b1 + n, b3 = b2 + n;
        float* to0 = byWeightings, to1 = to0 + n, to2 = to1 + n, to3 = to2 + n;
        V x0 = V.Broadcast(w0[i]), x1 = V.Broadcast(w1[i]), x2 = V.Broadcast(w2[i]), x3 = V.Broadcast(w3[i]);
        V y0 = V.Broadcast(w0[i + 1]), y1 = V.Broadcast(w1[i + 1]), y2 = V.Broadcast(w2[i + 1]), y3 = V.Broadcast(w3[i + 1]);
        V s0 = V.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        for (int j = 0; j < n; j += V.Count)
        {
            V first = V.Load(pair + j), second = V.Load(pair + n + j), by = V.Load(byPair + j), byNext = V.Load(byPair + n + j);
            V w = V.Load(w0 + j), back = V.Load(b0 + j), ahead = V.Broadcast(f0[0]), aheadNext = V.Broadcast(f0[1]);
            (by, byNext) = (V.Fma(ahead, w, V.Fma(x0, back, by)), V.Fma(aheadNext, w, V.Fma(y0, back, byNext)));
            (s0, t0) = (V.Fma(back, first, s0), V.Fma(back, second, t0));
            V.Store(to0 + j, V.Fma(aheadNext, second, V.Fma(ahead, first, V.Load(to0 + j))));
            (w, back, ahead, aheadNext) = (V.Load(w1 + j), V.Load(b1 + j), V.Broadcast(f1[0]), V.Broadcast(f1[1]));
            (by, byNext) = (V.Fma(ahead, w, V.Fma(x1, back, by)), V.Fma(aheadNext, w, V.Fma(y1, back, byNext)));
            (s1, t1) = (V.Fma(back, first, s1), V.Fma(back, second, t1));
            V.Store(to1 + j, V.Fma(aheadNext, second, V.Fma(ahead, first, V.Load(to1 + j))));
            (w, back, ahead, aheadNext) = (V.Load(w2 + j), V.Load(b2 + j), V.Broadcast(f2[0]), V.Broadcast(f2[1]));
            (by, byNext) = (V.Fma(ahead, w, V.Fma(x2, back, by)), V.Fma(aheadNext, w, V.Fma(y2, back, byNext)));
            (s2, t2) = (V.Fma(back, first, s2), V.Fma(back, second, t2));
            V.Store(to2 + j, V.Fma(aheadNext, second, V.Fma(ahead, first, V.Load(to2 + j))));
            (w, back, ahead, aheadNext) = (V.Load(w3 + j), V.Load(b3 + j), V.Broadcast(f3[0]), V.Broadcast(f3[1]));
            (by, byNext) = (V.Fma(ahead, w, V.Fma(x3, back, by)), V.Fma(aheadNext, w, V.Fma(y3, back, byNext)));
            (s3, t3) = (V.Fma(back, first, s3), V.Fma(back, second, t3));
            V.Store(to3 + j, V.Fma(aheadNext, second, V.Fma(ahead, first, V.Load(to3 + j))));
            V.Store(byPair + j, by);
            V.Store(byPair + n + j, byNext);
        }
        (float A, float B, float C, float D) firstSums = V.Sums(s0, s1, s2, s3), secondSums = V.Sums(t0, t1, t2, t3);
        (to0[i], to1[i], to2[i], to3[i]) = (to0[i] + firstSums.A, to1[i] + firstSums.B, to2[i] + firstSums.C, to3[i] + firstSums.D);
        to0[i + 1] += secondSums.A;
        to1[i + 1] += secondSums.B;
        to2[i + 1] += secondSums.C;
        to3[i + 1] += secondSums.D;
    }

    private static void Follow<V>(float* pair, float* byPair, int i, int n, float* weighting, float* byForward, float* byBackward,
        float* byWeighting)
        where V : struct, ISimd<V>
    {
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
}
