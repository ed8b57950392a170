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

    /// <summary>The slots by increasing usage, ties by index, into <paramref name="order"/>; keys [slots] is scratch.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Order(float* usage, int slots, Span<ulong> keys, int* order)
    {
        // A usage's bits in the order of the numbers, above the index: one comparison of whole numbers sorts both.
        for (int i = 0; i < slots; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(usage[i] + 0f);
            bits = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
            keys[i] = ((ulong)bits << 32) | (uint)i;
        }
        keys[..slots].Sort();
        for (int i = 0; i < slots; i++)
            order[i] = (int)(uint)keys[i];
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Raised(float used) => UsageEpsilon + (1 - UsageEpsilon) * used;

    // 1 - u', without the rounding of u'
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Room(float used) => (1 - UsageEpsilon) * (1 - used);
}
