using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Several of <see cref="MemoryMatrix"/>'s operations in one pass over the memory, for one read head and one write head: the pass costs
/// more than the arithmetic.
/// </summary>
internal static unsafe class MemoryPasses
{
    /// <summary>Two keys' dot products with every slot, and the slots' norms.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void DotsAndNorms<V>(SlotMatrix slots, float* firstKey, float* secondKey, float* first, float* second, float* norms)
        where V : struct, ISimd<V>
    {
        float* memory = slots.Values;
        int width = slots.Width, n = slots.N, i = 0;
        for (; i + 2 * V.Count <= n; i += 2 * V.Count)
        {
            V a0 = V.Broadcast(0f), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0;
            float* at = memory + i;
            for (int m = 0; m < width; m++)
            {
                V x = V.Load(at), y = V.Load(at + V.Count), key = V.Broadcast(firstKey[m]), other = V.Broadcast(secondKey[m]);
                (a0, a1) = (V.Fma(key, x, a0), V.Fma(key, y, a1));
                (b0, b1) = (V.Fma(other, x, b0), V.Fma(other, y, b1));
                (c0, c1) = (V.Fma(x, x, c0), V.Fma(y, y, c1));
                at += n;
            }
            V.Store(first + i, a0);
            V.Store(first + i + V.Count, a1);
            V.Store(second + i, b0);
            V.Store(second + i + V.Count, b1);
            V.Store(norms + i, V.Sqrt(c0));
            V.Store(norms + i + V.Count, V.Sqrt(c1));
        }
        for (; i < n; i += V.Count)
        {
            V a = V.Broadcast(0f), b = a, c = a;
            for (int m = 0; m < width; m++)
            {
                V x = V.Load(memory + m * n + i);
                a = V.Fma(V.Broadcast(firstKey[m]), x, a);
                b = V.Fma(V.Broadcast(secondKey[m]), x, b);
                c = V.Fma(x, x, c);
            }
            V.Store(first + i, a);
            V.Store(second + i, b);
            V.Store(norms + i, V.Sqrt(c));
        }
    }

    /// <summary>word = what readSlots reads, and then M = M (1 - w e^T) + w a^T with w = writeSlots.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void ReadAndWrite<V>(SlotMatrix slots, float* readSlots, float* word, float* writeSlots, float* erase, float* add)
        where V : struct, ISimd<V>
    {
        float* memory = slots.Values;
        int width = slots.Width, n = slots.N, m = 0;
        for (; m + 2 <= width; m += 2)
        {
            float* top = memory + m * n, bottom = top + n;
            V lost0 = V.Broadcast(erase[m]), lost1 = V.Broadcast(erase[m + 1]), gained0 = V.Broadcast(add[m]),
                gained1 = V.Broadcast(add[m + 1]);
            V sum0 = V.Broadcast(0f), sum1 = sum0;
            for (int i = 0; i < n; i += V.Count)
            {
                V read = V.Load(readSlots + i), write = V.Load(writeSlots + i), x = V.Load(top + i), y = V.Load(bottom + i);
                (sum0, sum1) = (V.Fma(read, x, sum0), V.Fma(read, y, sum1));
                V.Store(top + i, V.Fma(write, V.NegativeFma(lost0, x, gained0), x));
                V.Store(bottom + i, V.Fma(write, V.NegativeFma(lost1, y, gained1), y));
            }
            (word[m], word[m + 1]) = (V.Sum(sum0), V.Sum(sum1));
        }
        for (; m < width; m++)
        {
            float* at = memory + m * n;
            V lost = V.Broadcast(erase[m]), gained = V.Broadcast(add[m]), sum = V.Broadcast(0f);
            for (int i = 0; i < n; i += V.Count)
            {
                V x = V.Load(at + i);
                sum = V.Fma(V.Load(readSlots + i), x, sum);
                V.Store(at + i, V.Fma(V.Load(writeSlots + i), V.NegativeFma(lost, x, gained), x));
            }
            word[m] = V.Sum(sum);
        }
    }

    /// <summary>
    /// Through reading and writing, what goes to the weightings: byRead[n] += sum over m of byWord[m] M[m][n] and
    /// byWrite[n] += sum over m of byM'[m][n] (add[m] - erase[m] M[m][n]).
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void ByWeightings<V>(SlotMatrix slots, float* byMemory, float* byWord, float* erase, float* add, float* byRead,
        float* byWrite)
        where V : struct, ISimd<V>
    {
        float* memory = slots.Values;
        int width = slots.Width, n = slots.N, i = 0;
        for (; i + 2 * V.Count <= n; i += 2 * V.Count)
        {
            V r0 = V.Load(byRead + i), r1 = V.Load(byRead + i + V.Count), w0 = V.Load(byWrite + i), w1 = V.Load(byWrite + i + V.Count);
            for (int m = 0; m < width; m++)
            {
                float* at = memory + m * n + i, by = byMemory + m * n + i;
                V x = V.Load(at), y = V.Load(at + V.Count), word = V.Broadcast(byWord[m]);
                V lost = V.Broadcast(erase[m]), gained = V.Broadcast(add[m]);
                (r0, r1) = (V.Fma(word, x, r0), V.Fma(word, y, r1));
                w0 = V.Fma(V.Load(by), V.NegativeFma(lost, x, gained), w0);
                w1 = V.Fma(V.Load(by + V.Count), V.NegativeFma(lost, y, gained), w1);
            }
            V.Store(byRead + i, r0);
            V.Store(byRead + i + V.Count, r1);
            V.Store(byWrite + i, w0);
            V.Store(byWrite + i + V.Count, w1);
        }
        for (; i < n; i += V.Count)
        {
            V r = V.Load(byRead + i), w = V.Load(byWrite + i);
            for (int m = 0; m < width; m++)
            {
                V x = V.Load(memory + m * n + i);
                r = V.Fma(V.Broadcast(byWord[m]), x, r);
                w = V.Fma(V.Load(byMemory + m * n + i), V.NegativeFma(V.Broadcast(erase[m]), x, V.Broadcast(add[m])), w);
            }
            V.Store(byRead + i, r);
            V.Store(byWrite + i, w);
        }
    }

    /// <summary>
    /// What <see cref="ByMemory{V}"/> needs of a read head: its weighting, key, byWord, byDots and, to be written, byKey.
    /// </summary>
    public ref struct ReadHead
    {
        public float* Slots, Key, ByWord, ByDots, ByKey;
    }

    /// <summary>
    /// What it needs of a write head: its weighting, key, erase and byDots, and, to be written, byKey, byErase and byAdd.
    /// </summary>
    public ref struct WriteHead
    {
        public float* Slots, Key, Erase, ByDots, ByKey, ByErase, ByAdd;
    }

    /// <summary>
    /// Everything else of a step's way back through the memory: byM = byM' (1 - w e^T) + read's w byWord^T + both heads' byDots key^T
    /// + byNorms M, byErase = -sum byM' M w, byAdd = sum byM' w, and byKey = sum byDots M of both heads.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void ByMemory<V>(SlotMatrix slots, float* byMemory, in ReadHead read, in WriteHead write, float* byNorms)
        where V : struct, ISimd<V>
    {
        float* memory = slots.Values;
        int width = slots.Width, n = slots.N;
        float* readSlots = read.Slots, writeSlots = write.Slots, readDots = read.ByDots, writeDots = write.ByDots;
        for (int m = 0; m < width; m++)
        {
            V lost = V.Broadcast(write.Erase[m]), word = V.Broadcast(read.ByWord[m]);
            V readKey = V.Broadcast(read.Key[m]), writeKey = V.Broadcast(write.Key[m]);
            V byErase = V.Broadcast(0f), byAdd = byErase, byReadKey = byErase, byWriteKey = byErase;
            float* at = memory + m * n, by = byMemory + m * n;
            for (int i = 0; i < n; i += V.Count)
            {
                V x = V.Load(at + i), after = V.Load(by + i), first = V.Load(readDots + i), second = V.Load(writeDots + i);
                V written = after * V.Load(writeSlots + i);
                byAdd += written;
                byErase = V.Fma(written, x, byErase);
                byReadKey = V.Fma(first, x, byReadKey);
                byWriteKey = V.Fma(second, x, byWriteKey);
                V kept = V.NegativeFma(lost, written, after);
                V gained = V.Fma(readKey, first, writeKey * second);
                kept = V.Fma(word, V.Load(readSlots + i), kept);
                gained = V.Fma(V.Load(byNorms + i), x, gained);
                V.Store(by + i, kept + gained);
            }
            (write.ByErase[m], write.ByAdd[m], read.ByKey[m], write.ByKey[m]) = V.Sums(byErase, byAdd, byReadKey, byWriteKey);
        }
    }
}
