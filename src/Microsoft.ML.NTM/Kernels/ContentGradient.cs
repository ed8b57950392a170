using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Backward of <see cref="Content{V}"/>'s dots: what keys [M] and memory [M, N] receive. N is padded with zeros to whole paddings.
/// </summary>
internal static unsafe class ContentGradient<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>
    /// dk(m) = sum_i dDots(i) M(m, i), overwritten; dM(m, i) += k(m) dDots(i) + M(m, i) perValue(i), where perValue is null or [N].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* memory, int width, int slots, float* key, float* dDots, float* perValue, float* dKey, float* dMemory)
    {
        int n = LaneMasks.Padded(slots);
        for (int m = 0; m < width; m++)
        {
            float* at = memory + m * n, dAt = dMemory + m * n;
            V k = V.Create(key[m]), sum = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V d = V.Load(dDots + i), value = V.Load(at + i), dValue = V.MultiplyAdd(k, d, V.Load(dAt + i));
                sum = V.MultiplyAdd(d, value, sum);
                if (perValue != null)
                    dValue = V.MultiplyAdd(value, V.Load(perValue + i), dValue);
                V.Store(dAt + i, dValue);
            }
            dKey[m] = V.Sum(sum);
        }
    }

    /// <summary><see cref="Dots"/> for two keys in one pass over the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots2(
        float* memory, int width, int slots, float* keyA, float* keyB, float* dDotsA, float* dDotsB, float* perValue,
        float* dKeyA, float* dKeyB, float* dMemory)
    {
        int n = LaneMasks.Padded(slots), m = 0;
        for (; m + 4 <= width; m += 4)
        {
            float* m0 = memory + m * n, m1 = m0 + n, m2 = m1 + n, m3 = m2 + n;
            float* d0 = dMemory + m * n, d1 = d0 + n, d2 = d1 + n, d3 = d2 + n;
            V ka0 = V.Create(keyA[m]), ka1 = V.Create(keyA[m + 1]), ka2 = V.Create(keyA[m + 2]), ka3 = V.Create(keyA[m + 3]);
            V kb0 = V.Create(keyB[m]), kb1 = V.Create(keyB[m + 1]), kb2 = V.Create(keyB[m + 2]), kb3 = V.Create(keyB[m + 3]);
            V sa0 = V.Zero, sa1 = V.Zero, sa2 = V.Zero, sa3 = V.Zero, sb0 = V.Zero, sb1 = V.Zero, sb2 = V.Zero, sb3 = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V a = V.Load(dDotsA + i), b = V.Load(dDotsB + i), p = V.Load(perValue + i);
                Place(m0 + i, d0 + i, a, b, p, ka0, kb0, ref sa0, ref sb0);
                Place(m1 + i, d1 + i, a, b, p, ka1, kb1, ref sa1, ref sb1);
                Place(m2 + i, d2 + i, a, b, p, ka2, kb2, ref sa2, ref sb2);
                Place(m3 + i, d3 + i, a, b, p, ka3, kb3, ref sa3, ref sb3);
            }
            V.Sum4(sa0, sa1, sa2, sa3, dKeyA + m);
            V.Sum4(sb0, sb1, sb2, sb3, dKeyB + m);
        }
        for (; m < width; m++)
        {
            V ka = V.Create(keyA[m]), kb = V.Create(keyB[m]), sa = V.Zero, sb = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V a = V.Load(dDotsA + i), b = V.Load(dDotsB + i), p = V.Load(perValue + i);
                Place(memory + m * n + i, dMemory + m * n + i, a, b, p, ka, kb, ref sa, ref sb);
            }
            dKeyA[m] = V.Sum(sa);
            dKeyB[m] = V.Sum(sb);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(float* memory, float* dMemory, V a, V b, V p, V ka, V kb, ref V sa, ref V sb)
    {
        V value = V.Load(memory);
        sa = V.MultiplyAdd(a, value, sa);
        sb = V.MultiplyAdd(b, value, sb);
        V.Store(dMemory, V.MultiplyAdd(kb, b, V.MultiplyAdd(ka, a, V.MultiplyAdd(value, p, V.Load(dMemory)))));
    }
}
