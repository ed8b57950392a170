using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>What an <see cref="NtmCell"/> hands from step to step.</summary>
[Experimental("NTM0001")]
public sealed record NtmState : ICellState<NtmState>
{
    /// <summary>The memory after the step's writes: [B, N, M].</summary>
    public required Tensor Memory { get; init; }

    /// <summary>What the read heads read: [B, R, M].</summary>
    public required Tensor Reads { get; init; }

    /// <summary>Where the read heads point; each weighting sums to 1: [B, R, N].</summary>
    public required Tensor ReadWeightings { get; init; }

    /// <summary>Where the write heads point: [B, W, N].</summary>
    public required Tensor WriteWeightings { get; init; }

    /// <summary>The controller's own state.</summary>
    public required ControllerState Controller { get; init; }

    /// <inheritdoc/>
    public NtmState Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new()
        {
            Memory = change(Memory),
            Reads = change(Reads),
            ReadWeightings = change(ReadWeightings),
            WriteWeightings = change(WriteWeightings),
            Controller = Controller.Map(change),
        };
    }
}
