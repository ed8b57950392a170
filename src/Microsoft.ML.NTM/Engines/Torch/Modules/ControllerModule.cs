using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>A controller's state; its hidden part is also what heads and outputs see.</summary>
/// <param name="Hidden">Outputs of the layers: [B, L, H].</param>
/// <param name="Cell">Cells of the layers: [B, L, H]; a feed-forward controller has none: [B, 0, H].</param>
[Experimental("NTM0001")]
public sealed record ControllerState(Tensor Hidden, Tensor Cell) : ICellState<ControllerState>
{
    /// <inheritdoc/>
    public ControllerState Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(Hidden), change(Cell));
    }

    /// <summary>The layers' outputs side by side (h_t): [B, L*H].</summary>
    internal Tensor Output => Hidden.flatten(1);
}

/// <summary>
/// The network that drives the heads: (controller input [B, D + R*M], state) gives the next state. Its parameters are called as in the
/// library's model files, below <c>controller</c>.
/// </summary>
[Experimental("NTM0001")]
public abstract class ControllerModule : nn.Module<Tensor, ControllerState, ControllerState>
{
    private protected ControllerModule(string name)
        : base(name)
    {
    }

    /// <summary>What the layers' outputs are multiplied by, [B, L, H]; null: nothing.</summary>
    internal Tensor? Dropout { get; set; }

    /// <summary>A layer's outputs [B, H] with those left out that dropout leaves out.</summary>
    private protected Tensor DropOut(Tensor hidden, int layer) => Dropout is null ? hidden : hidden * Dropout.select(1, layer);

    /// <summary>The controller that <paramref name="spec"/> asks for.</summary>
    internal static ControllerModule Create(NetworkSpec spec, ScalarType dtype, Device? device) =>
        spec.Controller == ControllerKind.FeedForward
        ? new FeedForwardController(spec, dtype, device)
        : new LstmController(spec, dtype, device);
}
