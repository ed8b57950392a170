using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// How similar a key is to each slot (arXiv:1410.5401, Eq. 6): cos(k, M(i)) = k.M(i) / (|k||M(i)| + eps). The memory is [M, N], a row per
/// place in a slot, N padded with zeros to whole paddings; so are all rows over slots.
/// </summary>
internal static unsafe class Content<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>Added to |k||M(i)|, so that a zero key or slot is similar to nothing instead of NaN.</summary>
    public const float Epsilon = 1e-6f;

    /// <summary>norms(i) = |M(i)|: [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Norms(float* memory, int width, int slots, float* norms)
    {
        int n = LaneMasks.Padded(slots);
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Zero;
            float* at = memory + i;
            for (int m = 0; m < width; m++, at += n)
            {
                V value = V.Load(at);
                sum = V.MultiplyAdd(value, value, sum);
            }
            V.Store(norms + i, V.Sqrt(sum));
        }
    }

    /// <summary>dots(i) = k.M(i) for one key [M]: [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* memory, int width, int slots, float* key, float* dots)
    {
        int n = LaneMasks.Padded(slots);
        int i = 0;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            float* at = memory + i;
            for (int m = 0; m < width; m++, at += n)
            {
                V k = V.Create(key[m]);
                s0 = V.MultiplyAdd(k, V.Load(at), s0);
                s1 = V.MultiplyAdd(k, V.Load(at + V.Count), s1);
                s2 = V.MultiplyAdd(k, V.Load(at + 2 * V.Count), s2);
                s3 = V.MultiplyAdd(k, V.Load(at + 3 * V.Count), s3);
            }
            V.Store(dots + i, s0);
            V.Store(dots + i + V.Count, s1);
            V.Store(dots + i + 2 * V.Count, s2);
            V.Store(dots + i + 3 * V.Count, s3);
        }
        for (; i < n; i += V.Count)
        {
            V sum = V.Zero;
            float* at = memory + i;
            for (int m = 0; m < width; m++, at += n)
                sum = V.MultiplyAdd(V.Create(key[m]), V.Load(at), sum);
            V.Store(dots + i, sum);
        }
    }

    /// <summary><see cref="Dots"/> for two keys in one pass over the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots2(float* memory, int width, int slots, float* keyA, float* keyB, float* dotsA, float* dotsB)
    {
        int n = LaneMasks.Padded(slots);
        int i = 0;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            V a0 = V.Zero, a1 = V.Zero, a2 = V.Zero, a3 = V.Zero, b0 = V.Zero, b1 = V.Zero, b2 = V.Zero, b3 = V.Zero;
            float* at = memory + i;
            for (int m = 0; m < width; m++, at += n)
            {
                V a = V.Create(keyA[m]), b = V.Create(keyB[m]);
                V m0 = V.Load(at), m1 = V.Load(at + V.Count), m2 = V.Load(at + 2 * V.Count), m3 = V.Load(at + 3 * V.Count);
                a0 = V.MultiplyAdd(a, m0, a0);
                b0 = V.MultiplyAdd(b, m0, b0);
                a1 = V.MultiplyAdd(a, m1, a1);
                b1 = V.MultiplyAdd(b, m1, b1);
                a2 = V.MultiplyAdd(a, m2, a2);
                b2 = V.MultiplyAdd(b, m2, b2);
                a3 = V.MultiplyAdd(a, m3, a3);
                b3 = V.MultiplyAdd(b, m3, b3);
            }
            V.Store(dotsA + i, a0);
            V.Store(dotsA + i + V.Count, a1);
            V.Store(dotsA + i + 2 * V.Count, a2);
            V.Store(dotsA + i + 3 * V.Count, a3);
            V.Store(dotsB + i, b0);
            V.Store(dotsB + i + V.Count, b1);
            V.Store(dotsB + i + 2 * V.Count, b2);
            V.Store(dotsB + i + 3 * V.Count, b3);
        }
        for (; i < n; i += V.Count)
        {
            V a = V.Zero, b = V.Zero;
            float* at = memory + i;
            for (int m = 0; m < width; m++, at += n)
            {
                V value = V.Load(at);
                a = V.MultiplyAdd(V.Create(keyA[m]), value, a);
                b = V.MultiplyAdd(V.Create(keyB[m]), value, b);
            }
            V.Store(dotsA + i, a);
            V.Store(dotsB + i, b);
        }
    }

    /// <summary>dots(i), in place, become cos(k, M(i)): [N], from |k| and norms [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Cosines(float* dots, float* norms, float keyNorm, int slots)
    {
        int n = LaneMasks.Padded(slots);
        V k = V.Create(keyNorm), epsilon = V.Create(Epsilon);
        for (int i = 0; i < n; i += V.Count)
            V.Store(dots + i, V.Load(dots + i) * V.Reciprocal(V.MultiplyAdd(k, V.Load(norms + i), epsilon)));
    }

    /// <summary>
    /// Backward of <see cref="Cosines"/>. dCosines [N] become the derivatives by the dots; <paramref name="dMemoryPerValue"/> [N] is added
    /// what each value of slot i takes times itself, through the slot's norm; the result is the derivative by |k|.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float CosinesBackward(float* dCosines, float* cosines, float* norms, float keyNorm, int slots, float* dMemoryPerValue)
    {
        int n = LaneMasks.Padded(slots);
        V k = V.Create(keyNorm), epsilon = V.Create(Epsilon), byKeyNorm = V.Zero, smallest = V.Create(1e-30f);
        for (int i = 0; i < n; i += V.Count)
        {
            V norm = V.Load(norms + i);
            V dDot = V.Load(dCosines + i) * V.Reciprocal(V.MultiplyAdd(k, norm, epsilon));
            V dProduct = V.Zero - dDot * V.Load(cosines + i);
            byKeyNorm = V.MultiplyAdd(dProduct, norm, byKeyNorm);
            // d|M(i)| / dM(i) = M(i) / |M(i)|, and 0 where the slot is 0.
            V perValue = V.And(V.GreaterThan(norm, smallest), dProduct * k * V.Reciprocal(V.Max(smallest, norm)));
            V.Store(dMemoryPerValue + i, V.Load(dMemoryPerValue + i) + perValue);
            V.Store(dCosines + i, dDot);
        }
        return V.Sum(byKeyNorm);
    }
}
