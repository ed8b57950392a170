using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>What a <see cref="DncCell"/> hands from step to step.</summary>
[Experimental("NTM0001")]
public sealed record DncState : ICellState<DncState>
{
    /// <summary>The memory after the step's write: [B, N, M].</summary>
    public required Tensor Memory { get; init; }

    /// <summary>How much each slot is in use, in [0, 1]: [B, N].</summary>
    public required Tensor Usage { get; init; }

    /// <summary>How much slot i was written right after slot j; 0 on the diagonal: [B, N, N].</summary>
    public required Tensor Links { get; init; }

    /// <summary>How much each slot was written last: [B, N].</summary>
    public required Tensor Precedence { get; init; }

    /// <summary>Where the write head points; sums to at most 1: [B, N].</summary>
    public required Tensor WriteWeighting { get; init; }

    /// <summary>Where the read heads point; each sums to at most 1: [B, R, N].</summary>
    public required Tensor ReadWeightings { get; init; }

    /// <summary>What the read heads read, after the write: [B, R, M].</summary>
    public required Tensor Reads { get; init; }

    /// <summary>The controller's own state.</summary>
    public required ControllerState Controller { get; init; }

    /// <inheritdoc/>
    public DncState Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new()
        {
            Memory = change(Memory),
            Usage = change(Usage),
            Links = change(Links),
            Precedence = change(Precedence),
            WriteWeighting = change(WriteWeighting),
            ReadWeightings = change(ReadWeightings),
            Reads = change(Reads),
            Controller = Controller.Map(change),
        };
    }
}
