using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Where a DNC finds room to write: a[phi_j] = (1 - u'[phi_j]) prod_{i &lt; j} u'[phi_i], with phi the slots by increasing usage, ties by
/// index, and u' = eps + (1 - eps) u (Nature 538:471, Methods, "Dynamic memory allocation").
/// </summary>
internal static unsafe class Allocation
{
    /// <summary>Least usage in the product over fuller slots: keeps its gradient from vanishing at empty slots.</summary>
    public const float UsageEpsilon = 1e-6f;

    // Moves per slot beyond which sorting anew takes no longer.
    private const int MovesPerSlot = 16;

    /// <summary>
    /// Makes <paramref name="order"/>, the slots in any order, that of increasing usage, ties by index; keys [slots] is scratch. From one
    /// step to the next few slots change places, so that of the step before is the order to begin with.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Order(float* usage, Span<int> order, Span<ulong> keys)
    {
        int slots = order.Length;
        fixed (int* at = order)
        fixed (ulong* key = keys)
        {
            for (int j = 0; j < slots; j++)
                key[j] = Key(usage[at[j]], at[j]);
            if (!InsertAll(key, slots))
                keys[..slots].Sort();
            for (int j = 0; j < slots; j++)
                at[j] = (int)(uint)key[j];
        }
    }

    /// <summary>The allocation weighting of usages taken in order.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Weighting(float* usage, int* order, int slots, float* allocation)
    {
        float product = 1;
        for (int j = 0; j < slots; j++)
        {
            int slot = order[j];
            float used = usage[slot];
            allocation[slot] = Room(used) * product;
            product *= Raised(used);
        }
    }

    /// <summary>
    /// Adds the derivatives by the usages: with P_j the product before j and S_j what the slots after j make of their products without
    /// u'_j, that by u'_j is P_j (S_j - by_j), and S_{j-1} = by_j (1 - u'_j) + u'_j S_j: nothing is divided. products [slots] is scratch.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Backward(float* usage, int* order, int slots, float* byAllocation, float* products, float* byUsage)
    {
        float product = 1, after = 0;
        for (int j = 0; j < slots; j++)
        {
            products[j] = product;
            product *= Raised(usage[order[j]]);
        }
        for (int j = slots - 1; j >= 0; j--)
        {
            int slot = order[j];
            float by = byAllocation[slot], used = usage[slot];
            byUsage[slot] += (1 - UsageEpsilon) * products[j] * (after - by);
            after = Raised(used) * after + by * Room(used);
        }
    }

    // A usage's bits in the order of the numbers, above the index: one comparison of whole numbers sorts both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(float usage, int slot)
    {
        uint bits = BitConverter.SingleToUInt32Bits(usage + 0f);
        bits = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ((ulong)bits << 32) | (uint)slot;
    }

    // Puts each key before the greater ones among those before it; gives up, with all keys there, where too many are out of order.
    [MethodImpl(Jit.Optimized)]
    private static bool InsertAll(ulong* keys, int count)
    {
        long moves = (long)MovesPerSlot * count;
        for (int j = 1; j < count && moves >= 0; j++)
        {
            ulong key = keys[j];
            int to = j;
            for (; to > 0 && keys[to - 1] > key; to--)
                keys[to] = keys[to - 1];
            keys[to] = key;
            moves -= j - to;
        }
        return moves >= 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Raised(float used) => UsageEpsilon + (1 - UsageEpsilon) * used;

    // 1 - u', without the rounding of u'
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Room(float used) => (1 - UsageEpsilon) * (1 - used);
}
