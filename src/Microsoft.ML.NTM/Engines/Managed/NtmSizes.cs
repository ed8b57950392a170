using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Where what stands among a row's head parameters.</summary>
internal readonly struct NtmSizes(NetworkSpec spec)
{
    /// <summary>N.</summary>
    public int Slots { get; } = spec.MemorySlots;

    /// <summary>N rounded up to whole vectors of the widest machine.</summary>
    public int N { get; } = Padded(spec.MemorySlots);

    /// <summary>M.</summary>
    public int Width { get; } = spec.MemoryWidth;

    public int NumberOfReadHeads { get; } = spec.NumberOfReadHeads;

    public int NumberOfWriteHeads { get; } = spec.NumberOfWriteHeads;

    public int Heads => NumberOfReadHeads + NumberOfWriteHeads;

    /// <summary>S.</summary>
    public int Range { get; } = spec.ShiftRange;

    public int Shifts => 2 * Range + 1;

    public bool IsSingleWriter => NumberOfWriteHeads == 1;

    public bool KeyTanh { get; } = spec.KeyTanh;

    /// <summary>Whether a write head has an erase vector of its own; without one it erases all that it adds to.</summary>
    public bool Erases { get; } = spec.WriteRule == MemoryWriteRule.EraseAdd;

    /// <summary>Numbers of a row's memory, [M][n].</summary>
    public int MemoryLength => Width * N;

    /// <summary>Numbers of a row's weightings, [R + W][n].</summary>
    public int WeightingsLength => Heads * N;

    /// <summary>Numbers of a closed circle, with room for the widest vector beyond it.</summary>
    public int CircleLength => Padded(N + 2 * Range + 16);

    /// <summary>What sharpening adds, and where.</summary>
    public SharpeningEpsilons Epsilons { get; } = EpsilonsOf(spec);

    /// <summary>P.</summary>
    public int Parameters { get; } = spec.HeadsSize;

    private int ReadHeadSize { get; } = spec.ReadHeadSize;

    private int WriteHeadSize { get; } = spec.WriteHeadSize;

    public int Strength => Width;

    public int Gate => Width + 1;

    public int Shift => Width + 2;

    public int Sharpening => Width + 2 + Shifts;

    public int Erase => Width + 3 + Shifts;

    /// <summary>After the erase vector, where there is one.</summary>
    public int Add => WriteHeadSize - Width;

    /// <summary>Where a head's parameters begin: read heads, then write heads.</summary>
    public int Head(int head) => head < NumberOfReadHeads
        ? head * ReadHeadSize
        : NumberOfReadHeads * ReadHeadSize + (head - NumberOfReadHeads) * WriteHeadSize;

    /// <summary>What a network's sharpening adds, and where.</summary>
    public static SharpeningEpsilons EpsilonsOf(NetworkSpec spec) => spec.SharpeningEpsilonPlace == SharpeningEpsilonPlace.BeforePower
        ? SharpeningEpsilons.BeforePower(spec.SharpeningEpsilon)
        : SharpeningEpsilons.AfterPower(spec.SharpeningEpsilon);

    /// <summary>A count of slots rounded up to a multiple of 16.</summary>
    public static int Padded(int slots) => (slots + 15) / 16 * 16;
}
