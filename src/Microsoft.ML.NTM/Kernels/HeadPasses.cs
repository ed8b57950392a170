using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What four read heads do with the memory of one row, in one pass over it (<see cref="HeadGroup.Heads"/>); layouts as in
/// <see cref="MemoryMatrix"/>.
/// </summary>
internal static unsafe class HeadPasses
{
    /// <summary>Each head's word's dot product with every slot.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Dots<V>(SlotMatrix slots, HeadLines words, HeadLines results)
        where V : struct, ISimd<V>
    {
        float* w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        float* r0 = results[0], r1 = results[1], r2 = results[2], r3 = results[3];
        int width = slots.Width, n = slots.N, i = 0;
        for (; i + 2 * V.Count <= n; i += 2 * V.Count)
        {
            V a0 = V.Broadcast(0f), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
            float* at = slots.Values + i;
            for (nint m = 0; m < width; m++)
            {
                V x = V.Load(at), y = V.Load(at + V.Count), word = V.Broadcast(w0[m]);
                (a0, a1) = (V.Fma(word, x, a0), V.Fma(word, y, a1));
                word = V.Broadcast(w1[m]);
                (b0, b1) = (V.Fma(word, x, b0), V.Fma(word, y, b1));
                word = V.Broadcast(w2[m]);
                (c0, c1) = (V.Fma(word, x, c0), V.Fma(word, y, c1));
                word = V.Broadcast(w3[m]);
                (d0, d1) = (V.Fma(word, x, d0), V.Fma(word, y, d1));
                at += n;
            }
            V.Store(r0 + i, a0);
            V.Store(r0 + i + V.Count, a1);
            V.Store(r1 + i, b0);
            V.Store(r1 + i + V.Count, b1);
            V.Store(r2 + i, c0);
            V.Store(r2 + i + V.Count, c1);
            V.Store(r3 + i, d0);
            V.Store(r3 + i + V.Count, d1);
        }
        for (; i < n; i += V.Count)
        {
            V a = V.Broadcast(0f), b = a, c = a, d = a;
            float* at = slots.Values + i;
            for (nint m = 0; m < width; m++)
            {
                V x = V.Load(at);
                (a, b) = (V.Fma(V.Broadcast(w0[m]), x, a), V.Fma(V.Broadcast(w1[m]), x, b));
                (c, d) = (V.Fma(V.Broadcast(w2[m]), x, c), V.Fma(V.Broadcast(w3[m]), x, d));
                at += n;
            }
            V.Store(r0 + i, a);
            V.Store(r1 + i, b);
            V.Store(r2 + i, c);
            V.Store(r3 + i, d);
        }
    }

    /// <summary>What each head's weighting reads, into its word.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Read<V>(SlotMatrix slots, HeadLines weightings, HeadLines words)
        where V : struct, ISimd<V>
    {
        float* w0 = weightings[0], w1 = weightings[1], w2 = weightings[2], w3 = weightings[3];
        int width = slots.Width, n = slots.N, m = 0;
        float* top = slots.Values;
        for (; m + 2 <= width; m += 2)
        {
            V a = V.Broadcast(0f), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            float* bottom = top + n;
            for (nint i = 0; i < n; i += V.Count)
            {
                V x = V.Load(top + i), y = V.Load(bottom + i), weight = V.Load(w0 + i);
                (a, e) = (V.Fma(weight, x, a), V.Fma(weight, y, e));
                weight = V.Load(w1 + i);
                (b, f) = (V.Fma(weight, x, b), V.Fma(weight, y, f));
                weight = V.Load(w2 + i);
                (c, g) = (V.Fma(weight, x, c), V.Fma(weight, y, g));
                weight = V.Load(w3 + i);
                (d, h) = (V.Fma(weight, x, d), V.Fma(weight, y, h));
            }
            (words[0][m], words[1][m], words[2][m], words[3][m]) = V.Sums(a, b, c, d);
            (words[0][m + 1], words[1][m + 1], words[2][m + 1], words[3][m + 1]) = V.Sums(e, f, g, h);
            top = bottom + n;
        }
        if (m == width)
            return;
        V p = V.Broadcast(0f), q = p, r = p, s = p;
        for (nint i = 0; i < n; i += V.Count)
        {
            V x = V.Load(top + i);
            (p, q) = (V.Fma(V.Load(w0 + i), x, p), V.Fma(V.Load(w1 + i), x, q));
            (r, s) = (V.Fma(V.Load(w2 + i), x, r), V.Fma(V.Load(w3 + i), x, s));
        }
        (words[0][m], words[1][m], words[2][m], words[3][m]) = V.Sums(p, q, r, s);
    }

    /// <summary>What <see cref="Backward{V}"/> needs of the heads, and ByKeys, which it writes.</summary>
    public ref struct Heads
    {
        public HeadLines Weightings, ByWords, Keys, ByDots, ByKeys;
    }

    /// <summary>
    /// Through reading and the keys' dot products: adds the heads' w byWord^T + byDots key^T to byMemory, and byKey = sum byDots M.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Backward<V>(SlotMatrix slots, float* byMemory, in Heads heads)
        where V : struct, ISimd<V>
    {
        float* w0 = heads.Weightings[0], w1 = heads.Weightings[1], w2 = heads.Weightings[2], w3 = heads.Weightings[3];
        float* d0 = heads.ByDots[0], d1 = heads.ByDots[1], d2 = heads.ByDots[2], d3 = heads.ByDots[3];
        int width = slots.Width, n = slots.N;
        float* at = slots.Values, by = byMemory;
        for (int m = 0; m < width; m++)
        {
            V a0 = V.Broadcast(heads.ByWords[0][m]), a1 = V.Broadcast(heads.ByWords[1][m]), a2 = V.Broadcast(heads.ByWords[2][m]),
                a3 = V.Broadcast(heads.ByWords[3][m]);
            V k0 = V.Broadcast(heads.Keys[0][m]), k1 = V.Broadcast(heads.Keys[1][m]), k2 = V.Broadcast(heads.Keys[2][m]),
                k3 = V.Broadcast(heads.Keys[3][m]);
            V s0 = V.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0;
            for (nint i = 0; i < n; i += V.Count)
            {
                V x = V.Load(at + i), dots = V.Load(d0 + i), sum = V.Load(by + i), other = k0 * dots;
                s0 = V.Fma(dots, x, s0);
                sum = V.Fma(a0, V.Load(w0 + i), sum);
                dots = V.Load(d1 + i);
                s1 = V.Fma(dots, x, s1);
                (sum, other) = (V.Fma(a1, V.Load(w1 + i), sum), V.Fma(k1, dots, other));
                dots = V.Load(d2 + i);
                s2 = V.Fma(dots, x, s2);
                (sum, other) = (V.Fma(a2, V.Load(w2 + i), sum), V.Fma(k2, dots, other));
                dots = V.Load(d3 + i);
                s3 = V.Fma(dots, x, s3);
                (sum, other) = (V.Fma(a3, V.Load(w3 + i), sum), V.Fma(k3, dots, other));
                V.Store(by + i, sum + other);
            }
            (heads.ByKeys[0][m], heads.ByKeys[1][m], heads.ByKeys[2][m], heads.ByKeys[3][m]) = V.Sums(s0, s1, s2, s3);
            at += n;
            by += n;
        }
    }
}
