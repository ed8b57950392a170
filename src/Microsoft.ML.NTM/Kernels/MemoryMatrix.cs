using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What heads do with the memory of one row. It is stored slots last, [M][n], where n is N rounded up to a multiple of 16 and the slots
/// beyond N hold 0: slots stand side by side in a vector and nearly nothing is summed across one. "Slots" is a vector of n, "word" one of
/// M.
/// </summary>
internal static unsafe class MemoryMatrix
{
    /// <summary>result[n] = sum over m of word[m] * memory[m][n]: a key's dot product with every slot.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Dots<V>(float* memory, int width, int n, float* word, float* result)
        where V : struct, ISimd<V>
    {
        int i = 0;
        for (; i + 4 * V.Count <= n; i += 4 * V.Count)
        {
            V a = V.Broadcast(0f), b = a, c = a, d = a;
            float* at = memory + i;
            for (int m = 0; m < width; m++)
            {
                V factor = V.Broadcast(word[m]);
                a = V.Fma(factor, V.Load(at), a);
                b = V.Fma(factor, V.Load(at + V.Count), b);
                c = V.Fma(factor, V.Load(at + 2 * V.Count), c);
                d = V.Fma(factor, V.Load(at + 3 * V.Count), d);
                at += n;
            }
            V.Store(result + i, a);
            V.Store(result + i + V.Count, b);
            V.Store(result + i + 2 * V.Count, c);
            V.Store(result + i + 3 * V.Count, d);
        }
        for (; i < n; i += V.Count)
        {
            V a = V.Broadcast(0f);
            for (int m = 0; m < width; m++)
                a = V.Fma(V.Broadcast(word[m]), V.Load(memory + m * n + i), a);
            V.Store(result + i, a);
        }
    }

    /// <summary>norms[n] = |M(n)|.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Norms<V>(float* memory, int width, int n, float* norms)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Broadcast(0f);
            for (int m = 0; m < width; m++)
            {
                V value = V.Load(memory + m * n + i);
                sum = V.Fma(value, value, sum);
            }
            V.Store(norms + i, V.Sqrt(sum));
        }
    }

    /// <summary>word[m] = sum over n of slots[n] * memory[m][n]: what a weighting reads (arXiv:1410.5401, Eq. 2).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Read<V>(float* memory, int width, int n, float* slots, float* word)
        where V : struct, ISimd<V>
    {
        int m = 0;
        for (; m + 4 <= width; m += 4)
        {
            V a = V.Broadcast(0f), b = a, c = a, d = a;
            float* at = memory + m * n;
            for (int i = 0; i < n; i += V.Count)
            {
                V weight = V.Load(slots + i);
                a = V.Fma(weight, V.Load(at + i), a);
                b = V.Fma(weight, V.Load(at + n + i), b);
                c = V.Fma(weight, V.Load(at + 2 * n + i), c);
                d = V.Fma(weight, V.Load(at + 3 * n + i), d);
            }
            (word[m], word[m + 1], word[m + 2], word[m + 3]) = V.Sums(a, b, c, d);
        }
        for (; m < width; m++)
        {
            V a = V.Broadcast(0f);
            for (int i = 0; i < n; i += V.Count)
                a = V.Fma(V.Load(slots + i), V.Load(memory + m * n + i), a);
            word[m] = V.Sum(a);
        }
    }

    /// <summary>memory[m][n] += word[m] * slots[n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void AddOuter<V>(float* memory, int width, int n, float* slots, float* word)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            V factor = V.Broadcast(word[m]);
            float* at = memory + m * n;
            for (int i = 0; i < n; i += V.Count)
                V.Store(at + i, V.Fma(factor, V.Load(slots + i), V.Load(at + i)));
        }
    }

    /// <summary>memory[m][n] *= 1 - slots[n] * word[m]: erasing (arXiv:1410.5401, Eq. 3).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Erase<V>(float* memory, int width, int n, float* slots, float* word)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            V factor = V.Broadcast(word[m]);
            float* at = memory + m * n;
            for (int i = 0; i < n; i += V.Count)
            {
                V value = V.Load(at + i);
                V.Store(at + i, V.NegativeFma(factor * V.Load(slots + i), value, value));
            }
        }
    }

    /// <summary>to = from (1 - w e^T) + w a^T in one pass: the write of a single head.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void EraseAdd<V>(float* from, float* to, int width, int n, float* slots, float* erase, float* add)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            V lost = V.Broadcast(erase[m]), gained = V.Broadcast(add[m]);
            float* at = from + m * n, result = to + m * n;
            for (int i = 0; i < n; i += V.Count)
            {
                V value = V.Load(at + i);
                V change = V.NegativeFma(lost, value, gained);
                V.Store(result + i, V.Fma(V.Load(slots + i), change, value));
            }
        }
    }

    /// <summary>result[m][n] = left[m][n] * right[m][n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Multiply<V>(float* left, float* right, int width, int n, float* result)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < width * n; i += V.Count)
            V.Store(result + i, V.Load(left + i) * V.Load(right + i));
    }

    /// <summary>result[m][n] += factors[n] * memory[m][n].</summary>
    [MethodImpl(Jit.Optimized)]
    public static void AddScaled<V>(float* memory, int width, int n, float* factors, float* result)
        where V : struct, ISimd<V>
    {
        for (int m = 0; m < width; m++)
        {
            for (int i = 0; i < n; i += V.Count)
                V.Store(result + m * n + i, V.Fma(V.Load(factors + i), V.Load(memory + m * n + i), V.Load(result + m * n + i)));
        }
    }
}
