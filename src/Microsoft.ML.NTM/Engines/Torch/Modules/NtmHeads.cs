using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>What the controller asks of the heads in one step. Read heads stand before write heads (R + W heads).</summary>
[Experimental("NTM0001")]
public sealed record NtmHeads
{
    /// <summary>What to look for: [B, R + W, M].</summary>
    public required Tensor Key { get; init; }

    /// <summary>How sharply to look (beta), above 0: [B, R + W, 1].</summary>
    public required Tensor Strength { get; init; }

    /// <summary>Content (1) or last step's place (0): [B, R + W, 1].</summary>
    public required Tensor Gate { get; init; }

    /// <summary>A distribution over the shifts -S..S: [B, R + W, 2S + 1].</summary>
    public required Tensor Shift { get; init; }

    /// <summary>The exponent (gamma), above 1: [B, R + W, 1].</summary>
    public required Tensor Sharpening { get; init; }

    /// <summary>What the write heads erase, in [0, 1]; 1 with <see cref="MemoryWriteRule.Interpolate"/>: [B, W, M].</summary>
    public required Tensor Erase { get; init; }

    /// <summary>What the write heads add: [B, W, M].</summary>
    public required Tensor Add { get; init; }

    /// <summary>
    /// Reads the parameters out of the heads' affine map (B, P): reads 1..R, then writes 1..W (arXiv:1410.5401, section 3.3).
    /// </summary>
    internal static NtmHeads Parse(Tensor raw, NetworkSpec spec)
    {
        int width = spec.MemoryWidth, shifts = 2 * spec.ShiftRange + 1, addressing = spec.ReadHeadSize;
        int readHeads = spec.NumberOfReadHeads * addressing;
        Tensor reads = raw.narrow(1, 0, readHeads).view(-1, spec.NumberOfReadHeads, addressing);
        Tensor writes = raw.narrow(1, readHeads, spec.HeadsSize - readHeads).view(-1, spec.NumberOfWriteHeads, spec.WriteHeadSize);
        Tensor heads = cat([reads, writes.narrow(2, 0, addressing)], dim: 1);
        Tensor key = heads.narrow(2, 0, width);
        return new NtmHeads
        {
            Key = spec.KeyTanh ? key.tanh() : key,
            Strength = Activations.Softplus(heads.narrow(2, width, 1)),
            Gate = heads.narrow(2, width + 1, 1).sigmoid(),
            Shift = heads.narrow(2, width + 2, shifts).softmax(-1),
            Sharpening = Activations.OnePlus(heads.narrow(2, width + 2 + shifts, 1)),
            Erase = spec.WriteRule == MemoryWriteRule.EraseAdd
                ? writes.narrow(2, addressing, width).sigmoid()
                : ones_like(writes.narrow(2, addressing, width)),
            Add = writes.narrow(2, spec.WriteHeadSize - width, width),
        };
    }
}
