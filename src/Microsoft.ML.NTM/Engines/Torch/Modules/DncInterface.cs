using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>What the controller asks of a DNC's memory in one step (Nature 538:471, Methods, "Interface parameters").</summary>
[Experimental("NTM0001")]
public sealed record DncInterface
{
    /// <summary>What the read heads look for: [B, R, M].</summary>
    public required Tensor ReadKeys { get; init; }

    /// <summary>How sharply, above 1: [B, R, 1].</summary>
    public required Tensor ReadStrengths { get; init; }

    /// <summary>What the write head looks for: [B, 1, M].</summary>
    public required Tensor WriteKey { get; init; }

    /// <summary>How sharply, above 1: [B, 1, 1].</summary>
    public required Tensor WriteStrength { get; init; }

    /// <summary>What is erased where it writes, in [0, 1]: [B, M].</summary>
    public required Tensor Erase { get; init; }

    /// <summary>What is written: [B, M].</summary>
    public required Tensor WriteVector { get; init; }

    /// <summary>How far each read head frees what it read last, in [0, 1]: [B, R, 1].</summary>
    public required Tensor FreeGates { get; init; }

    /// <summary>A free slot (1) or one found by content (0): [B, 1].</summary>
    public required Tensor AllocationGate { get; init; }

    /// <summary>Whether to write at all, in [0, 1]: [B, 1].</summary>
    public required Tensor WriteGate { get; init; }

    /// <summary>A distribution over backward, content, forward: [B, R, 3].</summary>
    public required Tensor ReadModes { get; init; }

    /// <summary>Which parts of a slot the read keys are compared with, in [0, 1], or null without masks: [B, R, M].</summary>
    public Tensor? ReadMasks { get; init; }

    /// <summary>Which parts of a slot the write key is compared with, or null without masks: [B, 1, M].</summary>
    public Tensor? WriteMask { get; init; }

    /// <summary>Exponents above 1 of the backward and the forward weighting, or null without sharpening: [B, R, 2].</summary>
    public Tensor? LinkSharpenings { get; init; }

    /// <summary>
    /// Cuts the parameters out of the interface vector xi (B, P), in the order of <see cref="NetworkSpec.InterfaceSize"/>.
    /// </summary>
    internal static DncInterface Parse(Tensor raw, NetworkSpec spec)
    {
        int heads = spec.NumberOfReadHeads, width = spec.MemoryWidth;
        var rest = new Cut(raw);
        return new DncInterface
        {
            ReadKeys = rest.Next(heads, width),
            ReadStrengths = Activations.OnePlus(rest.Next(heads, 1)),
            WriteKey = rest.Next(1, width),
            WriteStrength = Activations.OnePlus(rest.Next(1, 1)),
            Erase = rest.Next(width).sigmoid(),
            WriteVector = rest.Next(width),
            FreeGates = rest.Next(heads, 1).sigmoid(),
            AllocationGate = rest.Next(1).sigmoid(),
            WriteGate = rest.Next(1).sigmoid(),
            ReadModes = rest.Next(heads, 3).softmax(-1),
            ReadMasks = spec.MaskedContent ? rest.Next(heads, width).sigmoid() : null,
            WriteMask = spec.MaskedContent ? rest.Next(1, width).sigmoid() : null,
            LinkSharpenings = spec.LinkSharpening ? Activations.OnePlus(rest.Next(heads, 2)) : null,
        };
    }

    // Takes the next columns as (B, shape).
    private sealed class Cut(Tensor raw)
    {
        private long _taken;

        public Tensor Next(params long[] shape)
        {
            long size = shape.Aggregate(1L, (product, n) => product * n);
            Tensor part = raw.narrow(1, _taken, size);
            _taken += size;
            return part.reshape([raw.shape[0], .. shape]);
        }
    }
}
