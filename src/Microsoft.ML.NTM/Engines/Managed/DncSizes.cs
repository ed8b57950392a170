using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Where what stands among a DNC's interface parameters (<see cref="NetworkSpec.InterfaceSize"/>). Head R is the write head.
/// </summary>
internal readonly struct DncSizes(NetworkSpec spec)
{
    /// <summary>N.</summary>
    public int Slots { get; } = spec.MemorySlots;

    /// <summary>N rounded up to whole vectors of the widest machine.</summary>
    public int N { get; } = NtmSizes.Padded(spec.MemorySlots);

    /// <summary>M.</summary>
    public int Width { get; } = spec.MemoryWidth;

    /// <summary>R.</summary>
    public int NumberOfReadHeads { get; } = spec.NumberOfReadHeads;

    public bool Masked { get; } = spec.MaskedContent;

    public bool Deallocates { get; } = spec.Deallocation;

    public bool Sharpens { get; } = spec.LinkSharpening;

    /// <summary>What sharpening adds, and where.</summary>
    public SharpeningEpsilons Epsilons { get; } = NtmSizes.EpsilonsOf(spec);

    /// <summary>P.</summary>
    public int Parameters { get; } = spec.InterfaceSize;

    /// <summary>Numbers of a row's memory, [M][n].</summary>
    public int MemoryLength => Width * N;

    /// <summary>Numbers of a row's links, [n][n].</summary>
    public int LinksLength => N * N;

    public int Erase => WriteKey + Width + 1;

    public int WriteVector => Erase + Width;

    /// <summary>R free gates.</summary>
    public int FreeGates => WriteVector + Width;

    public int AllocationGate => FreeGates + NumberOfReadHeads;

    public int WriteGate => AllocationGate + 1;

    private int WriteKey => NumberOfReadHeads * (Width + 1);

    private int ReadModes => WriteGate + 1;

    private int Masks => ReadModes + 3 * NumberOfReadHeads;

    private int Sharpenings => Masks + (Masked ? (NumberOfReadHeads + 1) * Width : 0);

    public int Key(int head) => head < NumberOfReadHeads ? head * Width : WriteKey;

    public int Strength(int head) => head < NumberOfReadHeads ? NumberOfReadHeads * Width + head : WriteKey + Width;

    public int Mask(int head) => Masks + head * Width;

    /// <summary>A read head's weights of backward, content and forward weighting.</summary>
    public int Modes(int head) => ReadModes + 3 * head;

    /// <summary>A read head's exponents of backward and forward weighting.</summary>
    public int Sharpening(int head) => Sharpenings + 2 * head;
}
