using static TorchSharp.torch;

namespace Microsoft.ML.NTM;

/// <summary>What a <see cref="DncCell"/> hands from step to step.</summary>
/// <param name="Memory">The memory after the step's write: [B, N, M].</param>
/// <param name="Usage">How much each slot is in use, in [0, 1]: [B, N].</param>
/// <param name="Links">How much slot i was written right after slot j; 0 on the diagonal: [B, N, N].</param>
/// <param name="Precedence">How much each slot was written last: [B, N].</param>
/// <param name="WriteWeighting">Where the write head points; sums to at most 1: [B, N].</param>
/// <param name="ReadWeightings">Where the read heads point; each sums to at most 1: [B, R, N].</param>
/// <param name="Reads">What the read heads read, after the write: [B, R, M].</param>
/// <param name="Controller">The controller's own state.</param>
public sealed record DncState(Tensor Memory, Tensor Usage, Tensor Links, Tensor Precedence, Tensor WriteWeighting, Tensor ReadWeightings,
    Tensor Reads, ControllerState Controller) : ICellState<DncState>
{
    /// <inheritdoc/>
    public DncState Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(Memory), change(Usage), change(Links), change(Precedence), change(WriteWeighting), change(ReadWeightings),
            change(Reads), Controller.Map(change));
    }
}
