namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// In which order a DNC's slots were written (Nature 538:471, Methods, "Temporal memory linkage"), for one row. Links are [n][n], of which
/// the first N rows are used; links[i][j] says that i was written right after j. Vectors of slots are [n], 0 beyond N.
/// </summary>
internal static unsafe class Linkage
{
    /// <summary>Rows of links taken at once: they stay in the first-level cache, and a vector of columns serves both.</summary>
    public const int Rows = 2;

    // Heads that follow a pair of rows together.
    private const int Heads = 4;

    /// <summary>
    /// Makes links those after a write, L[i,j] = (1 - w[i] - w[j]) L[i,j] + w[i] p[j] with 0 on the diagonal, and follows them from last
    /// step's read weightings [R, n]: forward^r = L w^r and backward^r = L^T w^r, both [R, n]. The links are passed over once.
    /// </summary>
    public static void Step<V>(float* links, int slots, int n, float* write, float* precedence, float* weightings, int heads, float* forward,
        float* backward)
        where V : struct, ISimd<V>
    {
        new Span<float>(backward, heads * n).Clear();
        for (int i = 0; i < slots; i += Rows)
        {
            float* pair = links + (nint)i * n;
            Link<V>(pair, pair, i, n, write, precedence);
            int head = 0;
            for (; head + Heads <= heads; head += Heads)
                FollowFour<V>(pair, i, n, weightings + head * n, forward + head * n, backward + head * n);
            for (; head < heads; head++)
                Follow<V>(pair, i, n, weightings + head * n, forward + head * n, backward + head * n);
        }
        for (int head = 0; head < heads; head++)
            new Span<float>(forward + head * n + slots, n - slots).Clear();
    }

    /// <summary>The links after a write alone.</summary>
    public static void Update<V>(float* from, float* to, int slots, int n, float* write, float* precedence)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < slots; i += Rows)
            Link<V>(from + (nint)i * n, to + (nint)i * n, i, n, write, precedence);
    }

    /// <summary>Rows i and i + 1 of the links after a write.</summary>
    public static void Link<V>(float* from, float* to, int i, int n, float* write, float* precedence)
        where V : struct, ISimd<V>
    {
        V first = V.Broadcast(write[i]), second = V.Broadcast(write[i + 1]);
        V firstKept = V.Broadcast(1 - write[i]), secondKept = V.Broadcast(1 - write[i + 1]);
        for (int j = 0; j < n; j += V.Count)
        {
            V written = V.Load(write + j), before = V.Load(precedence + j);
            V.Store(to + j, V.Fma(firstKept - written, V.Load(from + j), first * before));
            V.Store(to + n + j, V.Fma(secondKept - written, V.Load(from + n + j), second * before));
        }
        to[i] = 0;
        to[n + i + 1] = 0;
    }

    /// <summary>next = (1 - sum w) p + w.</summary>
    public static void Precedence<V>(float* precedence, float* write, int n, float* next)
        where V : struct, ISimd<V>
    {
        V rest = V.Broadcast(1 - Total<V>(write, n));
        for (int i = 0; i < n; i += V.Count)
            V.Store(next + i, V.Fma(rest, V.Load(precedence + i), V.Load(write + i)));
    }

    /// <summary>The sum of n numbers.</summary>
    public static float Total<V>(float* values, int n)
        where V : struct, ISimd<V>
    {
        V sum = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
            sum += V.Load(values + i);
        return V.Sum(sum);
    }

    // Two rows of links and four heads: forward[i], forward[i + 1], and their part of backward.
    private static void FollowFour<V>(float* pair, int i, int n, float* weightings, float* forward, float* backward)
        where V : struct, ISimd<V>
    {
        float* w0 = weightings, w1 = w0 + n, w2 = w1 + n, w3 = w2 + n;
        float* b0 = backward, b1 = b0 + n, b2 = b1 + n, b3 = b2 + n;
        V x0 = V.Broadcast(w0[i]), x1 = V.Broadcast(w1[i]), x2 = V.Broadcast(w2[i]), x3 = V.Broadcast(w3[i]);
        V y0 = V.Broadcast(w0[i + 1]), y1 = V.Broadcast(w1[i + 1]), y2 = V.Broadcast(w2[i + 1]), y3 = V.Broadcast(w3[i + 1]);
        V f0 = V.Broadcast(0f), f1 = f0, f2 = f0, f3 = f0, g0 = f0, g1 = f0, g2 = f0, g3 = f0;
        for (int j = 0; j < n; j += V.Count)
        {
            V first = V.Load(pair + j), second = V.Load(pair + n + j);
            V w = V.Load(w0 + j);
            (f0, g0) = (V.Fma(first, w, f0), V.Fma(second, w, g0));
            V.Store(b0 + j, V.Fma(y0, second, V.Fma(x0, first, V.Load(b0 + j))));
            w = V.Load(w1 + j);
            (f1, g1) = (V.Fma(first, w, f1), V.Fma(second, w, g1));
            V.Store(b1 + j, V.Fma(y1, second, V.Fma(x1, first, V.Load(b1 + j))));
            w = V.Load(w2 + j);
            (f2, g2) = (V.Fma(first, w, f2), V.Fma(second, w, g2));
            V.Store(b2 + j, V.Fma(y2, second, V.Fma(x2, first, V.Load(b2 + j))));
            w = V.Load(w3 + j);
            (f3, g3) = (V.Fma(first, w, f3), V.Fma(second, w, g3));
            V.Store(b3 + j, V.Fma(y3, second, V.Fma(x3, first, V.Load(b3 + j))));
        }
        float* to = forward + i;
        (to[0], to[n], to[2 * n], to[3 * n]) = V.Sums(f0, f1, f2, f3);
        (to[1], to[n + 1], to[2 * n + 1], to[3 * n + 1]) = V.Sums(g0, g1, g2, g3);
    }

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
