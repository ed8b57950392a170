using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Several heads writing at once to a memory [M, N]: M prod_h (1 - w_h e_h) + sum_h w_h a_h (arXiv:1410.5401, Eq. 3 and 4): all erase
/// before any adds. Weightings, erase and add vectors of the heads are given by pointers, [W] of them. N is padded with zeros.
/// </summary>
internal static unsafe class JointWrites<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>The memory after the writes, to <paramref name="written"/> [M, N] (which may be the memory), and its slots' norms [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(
        float* memory, int width, int slots, int heads, float** weightings, float** erase, float** add, float* written, float* norms)
    {
        int n = LaneMasks.Padded(slots);
        V one = V.Create(1f);
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Zero;
            for (int m = 0; m < width; m++)
            {
                V kept = one, added = V.Zero;
                for (int h = 0; h < heads; h++)
                {
                    V w = V.Load(weightings[h] + i);
                    kept *= V.NegatedMultiplyAdd(w, V.Create(erase[h][m]), one);
                    added = V.MultiplyAdd(w, V.Create(add[h][m]), added);
                }
                V value = V.MultiplyAdd(V.Load(memory + m * n + i), kept, added);
                V.Store(written + m * n + i, value);
                sum = V.MultiplyAdd(value, value, sum);
            }
            V.Store(norms + i, V.Sqrt(sum));
        }
    }

    /// <summary>
    /// Backward for head <paramref name="head"/> alone: de and da [M] are overwritten, dw [N] is added to. dM is that after the writes. What
    /// the other heads kept is multiplied anew: a quotient would be 0 / 0 where a head erases all.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HeadBackward(
        float* memory, int width, int slots, int heads, int head, float** weightings, float** erase, float** add,
        float* dMemory, float* dWeighting, float* dErase, float* dAdd)
    {
        int n = LaneMasks.Padded(slots);
        V one = V.Create(1f);
        for (int m = 0; m < width; m++)
        {
            V e = V.Create(erase[head][m]), a = V.Create(add[head][m]), de = V.Zero, da = V.Zero;
            for (int i = 0; i < n; i += V.Count)
            {
                V w = V.Load(weightings[head] + i), d = V.Load(dMemory + m * n + i);
                V dKept = d * V.Load(memory + m * n + i);
                for (int h = 0; h < heads; h++)
                {
                    if (h != head)
                        dKept *= V.NegatedMultiplyAdd(V.Load(weightings[h] + i), V.Create(erase[h][m]), one);
                }
                da = V.MultiplyAdd(d, w, da);
                de = V.MultiplyAdd(dKept, w, de);
                V.Store(dWeighting + i, V.MultiplyAdd(d, a, V.NegatedMultiplyAdd(dKept, e, V.Load(dWeighting + i))));
            }
            dErase[m] = -V.Sum(de);
            dAdd[m] = V.Sum(da);
        }
    }

    /// <summary>dM [M, N] goes from after the writes to before them: dM prod_h (1 - w_h e_h).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MemoryBackward(int width, int slots, int heads, float** weightings, float** erase, float* dMemory)
    {
        int n = LaneMasks.Padded(slots);
        V one = V.Create(1f);
        for (int m = 0; m < width; m++)
        {
            for (int i = 0; i < n; i += V.Count)
            {
                V d = V.Load(dMemory + m * n + i);
                for (int h = 0; h < heads; h++)
                    d *= V.NegatedMultiplyAdd(V.Load(weightings[h] + i), V.Create(erase[h][m]), one);
                V.Store(dMemory + m * n + i, d);
            }
        }
    }
}
