using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>How rows are padded, and masks of a register's first lanes.</summary>
internal static unsafe class LaneMasks
{
    /// <summary>
    /// Rows are allocated in multiples of this many numbers, whatever the width in use, so that a whole register may be loaded at a row's
    /// last number.
    /// </summary>
    public const int Padding = 16;

    // 16 lanes of ones, then 16 lanes of zeros.
    private static ReadOnlySpan<int> Ones =>
        [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary><paramref name="length"/> rounded up to whole paddings.</summary>
    public static int Padded(int length) => (length + Padding - 1) & -Padding;

    /// <summary>A mask of the first <paramref name="count"/> lanes: none below 1, all from the width on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(int count)
        where V : unmanaged, ILanes<V>
    {
        int lanes = Math.Clamp(count, 0, Padding);
        // The data of a span over constants is part of the loaded image: it never moves.
        return V.Load((float*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(Ones)) + (Padding - lanes));
    }
}
