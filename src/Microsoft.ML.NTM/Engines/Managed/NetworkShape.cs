using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The sizes that the engine's rows and kernels need, derived from a <see cref="NetworkSpec"/>.</summary>
internal sealed class NetworkShape(NetworkSpec spec)
{
    public NetworkSpec Spec => spec;

    /// <summary>Whether the controller is a stack of LSTM layers.</summary>
    public bool IsLstm { get; } = spec.Kind == NetworkKind.Lstm || spec.Controller == ControllerKind.Lstm;

    /// <summary>Controller layers (L).</summary>
    public int Layers { get; } = spec.ControllerLayers;

    /// <summary>Units per controller layer (H).</summary>
    public int Units => spec.ControllerSize;

    /// <summary>Numbers that make a layer's units: 4H for the gates of an LSTM, else H.</summary>
    public int GateSize => IsLstm ? 4 * Units : Units;

    /// <summary>[h^1 .. h^L ; r^1 .. r^R]: what a step hands to the next, to the heads and to the output (L*H + R*M).</summary>
    public int StateSize => spec.HiddenSize + spec.ReadSize;

    /// <summary>Read and write heads; read heads come first.</summary>
    public int Heads => spec.HasMemory ? spec.ReadHeads + spec.WriteHeads : 0;

    /// <summary>Raw head parameters (P).</summary>
    public int HeadsSize => spec.HasMemory ? spec.HeadsSize : 0;

    /// <summary>Slots with their padding.</summary>
    public int PaddedSlots { get; } = spec.HasMemory ? LaneMasks.Padded(spec.MemorySlots) : 0;

    /// <summary>A memory [M, N] with its padding.</summary>
    public int MemorySize => spec.HasMemory ? spec.MemoryWidth * PaddedSlots : 0;

    /// <summary>A weighting as a closed circle, [S + N + S], with room behind it for a register.</summary>
    public int CircleSize => LaneMasks.Padded(PaddedSlots + 2 * spec.ShiftRange) + LaneMasks.Padding;

    /// <summary>Numbers between two rows of <paramref name="size"/> numbers: room for a register behind the last one, and no power of two.</summary>
    public static int RowStride(int size) => (LaneMasks.Padded(size) + LaneMasks.Padding) | LaneMasks.Padding;

    /// <summary>Where head <paramref name="head"/> starts among the raw parameters.</summary>
    public int HeadOffset(int head) => Math.Min(head, spec.ReadHeads) * spec.ReadHeadSize
        + Math.Max(head - spec.ReadHeads, 0) * spec.WriteHeadSize;

    // Within a head: key [M], strength, gate, shifts [2S + 1], sharpening, then erase [M] where it has one, add [M].
    public int StrengthOffset => spec.MemoryWidth;

    public int GateOffset => spec.MemoryWidth + 1;

    public int ShiftOffset => spec.MemoryWidth + 2;

    public int SharpeningOffset => spec.ReadHeadSize - 1;

    public int EraseOffset => spec.ReadHeadSize;

    public int AddOffset => spec.WriteHeadSize - spec.MemoryWidth;
}
