using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM;

/// <summary>What the controller asks of a DNC's memory in one step (Nature 538:471, Methods, "Interface parameters").</summary>
/// <param name="ReadKeys">What the read heads look for: [B, R, M].</param>
/// <param name="ReadStrengths">How sharply, above 1: [B, R, 1].</param>
/// <param name="WriteKey">What the write head looks for: [B, 1, M].</param>
/// <param name="WriteStrength">How sharply, above 1: [B, 1, 1].</param>
/// <param name="Erase">What is erased where it writes, in [0, 1]: [B, M].</param>
/// <param name="WriteVector">What is written: [B, M].</param>
/// <param name="FreeGates">How far each read head frees what it read last, in [0, 1]: [B, R, 1].</param>
/// <param name="AllocationGate">A free slot (1) or one found by content (0): [B, 1].</param>
/// <param name="WriteGate">Whether to write at all, in [0, 1]: [B, 1].</param>
/// <param name="ReadModes">A distribution over backward, content, forward: [B, R, 3].</param>
/// <param name="ReadMasks">Which parts of a slot the read keys are compared with, in [0, 1], or null without masks: [B, R, M].</param>
/// <param name="WriteMask">Which parts of a slot the write key is compared with, or null without masks: [B, 1, M].</param>
/// <param name="LinkSharpenings">Exponents above 1 of the backward and the forward weighting, or null without sharpening: [B, R, 2].</param>
public sealed record DncInterface(Tensor ReadKeys, Tensor ReadStrengths, Tensor WriteKey, Tensor WriteStrength, Tensor Erase,
    Tensor WriteVector, Tensor FreeGates, Tensor AllocationGate, Tensor WriteGate, Tensor ReadModes, Tensor? ReadMasks, Tensor? WriteMask,
    Tensor? LinkSharpenings)
{
    /// <summary>Cuts the parameters out of the interface vector xi (B, P), in the order of <see cref="NetworkSpec.InterfaceSize"/>.</summary>
    internal static DncInterface Parse(Tensor raw, NetworkSpec spec)
    {
        int heads = spec.NumberOfReadHeads, width = spec.MemoryWidth;
        var rest = new Cut(raw);
        return new DncInterface(
            ReadKeys: rest.Next(heads, width),
            ReadStrengths: Activations.OnePlus(rest.Next(heads, 1)),
            WriteKey: rest.Next(1, width),
            WriteStrength: Activations.OnePlus(rest.Next(1, 1)),
            Erase: rest.Next(width).sigmoid(),
            WriteVector: rest.Next(width),
            FreeGates: rest.Next(heads, 1).sigmoid(),
            AllocationGate: rest.Next(1).sigmoid(),
            WriteGate: rest.Next(1).sigmoid(),
            ReadModes: rest.Next(heads, 3).softmax(-1),
            ReadMasks: spec.MaskedContent ? rest.Next(heads, width).sigmoid() : null,
            WriteMask: spec.MaskedContent ? rest.Next(1, width).sigmoid() : null,
            LinkSharpenings: spec.LinkSharpening ? Activations.OnePlus(rest.Next(heads, 2)) : null);
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
