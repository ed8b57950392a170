using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// One head's write to a memory [M, N] at a weighting [N], with erase e and add a [M]: M (1 - w e) + w a = M - w (e M - a)
/// (arXiv:1410.5401, Eq. 3 and 4). N is padded with zeros to whole paddings.
/// </summary>
internal static unsafe class MemoryWrites<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>The memory after the write, to <paramref name="written"/> [M, N] (which may be the memory), and its slots' norms [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(
        float* memory, int width, int slots, float* weighting, float* erase, float* add, float* written, float* norms)
    {
        int n = LaneMasks.Padded(slots);
        int i = 0;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            V w0 = V.Load(weighting + i), w1 = V.Load(weighting + i + V.Count);
            V w2 = V.Load(weighting + i + 2 * V.Count), w3 = V.Load(weighting + i + 3 * V.Count);
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            float* from = memory + i, to = written + i;
            for (int m = 0; m < width; m++, from += n, to += n)
            {
                V e = V.Create(erase[m]), a = V.Create(add[m]);
                V m0 = V.Load(from), m1 = V.Load(from + V.Count), m2 = V.Load(from + 2 * V.Count), m3 = V.Load(from + 3 * V.Count);
                m0 = V.MultiplyAdd(w0, V.NegatedMultiplyAdd(e, m0, a), m0);
                m1 = V.MultiplyAdd(w1, V.NegatedMultiplyAdd(e, m1, a), m1);
                m2 = V.MultiplyAdd(w2, V.NegatedMultiplyAdd(e, m2, a), m2);
                m3 = V.MultiplyAdd(w3, V.NegatedMultiplyAdd(e, m3, a), m3);
                V.Store(to, m0);
                V.Store(to + V.Count, m1);
                V.Store(to + 2 * V.Count, m2);
                V.Store(to + 3 * V.Count, m3);
                s0 = V.MultiplyAdd(m0, m0, s0);
                s1 = V.MultiplyAdd(m1, m1, s1);
                s2 = V.MultiplyAdd(m2, m2, s2);
                s3 = V.MultiplyAdd(m3, m3, s3);
            }
            V.Store(norms + i, V.Sqrt(s0));
            V.Store(norms + i + V.Count, V.Sqrt(s1));
            V.Store(norms + i + 2 * V.Count, V.Sqrt(s2));
            V.Store(norms + i + 3 * V.Count, V.Sqrt(s3));
        }
        for (; i < n; i += V.Count)
        {
            V w = V.Load(weighting + i), sum = V.Zero;
            float* from = memory + i, to = written + i;
            for (int m = 0; m < width; m++, from += n, to += n)
            {
                V value = V.Load(from);
                value = V.MultiplyAdd(w, V.NegatedMultiplyAdd(V.Create(erase[m]), value, V.Create(add[m])), value);
                V.Store(to, value);
                sum = V.MultiplyAdd(value, value, sum);
            }
            V.Store(norms + i, V.Sqrt(sum));
        }
    }

    /// <summary>
    /// Backward of <see cref="Write"/>: dM [M, N] goes from after the write to before it; de(m) = -sum_i dM w M, da(m) = sum_i dM w [M] are
    /// overwritten, dw(i) += sum_m dM (a - e M) [N].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteBackward(
        float* memory, int width, int slots, float* weighting, float* erase, float* add,
        float* dMemory, float* dWeighting, float* dErase, float* dAdd)
    {
        int n = LaneMasks.Padded(slots), m = 0;
        for (; m + 4 <= width; m += 4)
        {
            float* m0 = memory + m * n, m1 = m0 + n, m2 = m1 + n, m3 = m2 + n;
            float* d0 = dMemory + m * n, d1 = d0 + n, d2 = d1 + n, d3 = d2 + n;
            V e0 = V.Create(erase[m]), e1 = V.Create(erase[m + 1]), e2 = V.Create(erase[m + 2]), e3 = V.Create(erase[m + 3]);
            V a0 = V.Create(add[m]), a1 = V.Create(add[m + 1]), a2 = V.Create(add[m + 2]), a3 = V.Create(add[m + 3]);
            V de0 = V.Zero, de1 = V.Zero, de2 = V.Zero, de3 = V.Zero, da0 = V.Zero, da1 = V.Zero, da2 = V.Zero, da3 = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V w = V.Load(weighting + i), dw = V.Load(dWeighting + i);
                Place(m0 + i, d0 + i, w, e0, a0, ref dw, ref de0, ref da0);
                Place(m1 + i, d1 + i, w, e1, a1, ref dw, ref de1, ref da1);
                Place(m2 + i, d2 + i, w, e2, a2, ref dw, ref de2, ref da2);
                Place(m3 + i, d3 + i, w, e3, a3, ref dw, ref de3, ref da3);
                V.Store(dWeighting + i, dw);
            }
            V.Sum4(V.Zero - de0, V.Zero - de1, V.Zero - de2, V.Zero - de3, dErase + m);
            V.Sum4(da0, da1, da2, da3, dAdd + m);
        }
        for (; m < width; m++)
        {
            V e = V.Create(erase[m]), a = V.Create(add[m]), de = V.Zero, da = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V dw = V.Load(dWeighting + i);
                Place(memory + m * n + i, dMemory + m * n + i, V.Load(weighting + i), e, a, ref dw, ref de, ref da);
                V.Store(dWeighting + i, dw);
            }
            dErase[m] = -V.Sum(de);
            dAdd[m] = V.Sum(da);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(float* memory, float* dMemory, V w, V e, V a, ref V dw, ref V de, ref V da)
    {
        V value = V.Load(memory), d = V.Load(dMemory), dWritten = d * w;
        da += dWritten;
        de = V.MultiplyAdd(dWritten, value, de);
        dw = V.MultiplyAdd(d, V.NegatedMultiplyAdd(e, value, a), dw);
        V.Store(dMemory, V.NegatedMultiplyAdd(e, dWritten, d));
    }
}
