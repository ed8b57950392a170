using static TorchSharp.torch;

namespace Microsoft.ML.NTM;

/// <summary>What an <see cref="NtmCell"/> hands from step to step.</summary>
/// <param name="Memory">The memory after the step's writes: [B, N, M].</param>
/// <param name="Reads">What the read heads read: [B, R, M].</param>
/// <param name="ReadWeightings">Where the read heads point; each weighting sums to 1: [B, R, N].</param>
/// <param name="WriteWeightings">Where the write heads point: [B, W, N].</param>
/// <param name="Controller">The controller's own state.</param>
public sealed record NtmState(Tensor Memory, Tensor Reads, Tensor ReadWeightings, Tensor WriteWeightings, ControllerState Controller)
    : ICellState<NtmState>
{
    /// <inheritdoc/>
    public NtmState Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(Memory), change(Reads), change(ReadWeightings), change(WriteWeightings), Controller.Map(change));
    }
}
