using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Reading a memory [M, N] through a weighting [N]: r = w M (arXiv:1410.5401, Eq. 2), M numbers; and the likewise shaped sums over slots
/// of the content's backward pass. N is padded with zeros to whole paddings.
/// </summary>
internal static unsafe class MemoryReads<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>r(m) = sum_i w(i) M(m, i): [M].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(float* memory, int width, int slots, float* weighting, float* read)
    {
        int n = LaneMasks.Padded(slots), m = 0;
        for (; m + 4 <= width; m += 4)
        {
            float* m0 = memory + m * n, m1 = m0 + n, m2 = m1 + n, m3 = m2 + n;
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
            {
                V w = V.Load(weighting + i);
                s0 = V.MultiplyAdd(w, V.Load(m0 + i), s0);
                s1 = V.MultiplyAdd(w, V.Load(m1 + i), s1);
                s2 = V.MultiplyAdd(w, V.Load(m2 + i), s2);
                s3 = V.MultiplyAdd(w, V.Load(m3 + i), s3);
            }
            V.Sum4(s0, s1, s2, s3, read + m);
        }
        for (; m < width; m++)
        {
            V sum = V.Zero;
            for (nint i = 0; i < n; i += V.Count)
                sum = V.MultiplyAdd(V.Load(weighting + i), V.Load(memory + m * n + i), sum);
            read[m] = V.Sum(sum);
        }
    }

    /// <summary>Backward of <see cref="Read"/>: dw(i) += sum_m dr(m) M(m, i) [N], and dM(m, i) += dr(m) w(i) [M, N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadBackward(
        float* memory, int width, int slots, float* weighting, float* dRead, float* dWeighting, float* dMemory)
    {
        int n = LaneMasks.Padded(slots);
        int i = 0;
        for (; i + 2 * V.Count <= n; i += 2 * V.Count)
        {
            V w0 = V.Load(weighting + i), w1 = V.Load(weighting + i + V.Count);
            V d0 = V.Load(dWeighting + i), d1 = V.Load(dWeighting + i + V.Count);
            float* at = memory + i, dAt = dMemory + i;
            for (int m = 0; m < width; m++, at += n, dAt += n)
            {
                V r = V.Create(dRead[m]);
                d0 = V.MultiplyAdd(r, V.Load(at), d0);
                d1 = V.MultiplyAdd(r, V.Load(at + V.Count), d1);
                V.Store(dAt, V.MultiplyAdd(r, w0, V.Load(dAt)));
                V.Store(dAt + V.Count, V.MultiplyAdd(r, w1, V.Load(dAt + V.Count)));
            }
            V.Store(dWeighting + i, d0);
            V.Store(dWeighting + i + V.Count, d1);
        }
        for (; i < n; i += V.Count)
        {
            V w = V.Load(weighting + i), d = V.Load(dWeighting + i);
            float* at = memory + i, dAt = dMemory + i;
            for (int m = 0; m < width; m++, at += n, dAt += n)
            {
                V r = V.Create(dRead[m]);
                d = V.MultiplyAdd(r, V.Load(at), d);
                V.Store(dAt, V.MultiplyAdd(r, w, V.Load(dAt)));
            }
            V.Store(dWeighting + i, d);
        }
    }
}
