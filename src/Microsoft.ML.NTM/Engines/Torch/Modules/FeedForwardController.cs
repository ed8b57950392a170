using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>One hidden layer, h = tanh(W c + b), clipped: it remembers nothing by itself (arXiv:1410.5401, section 3.4).</summary>
[Experimental("NTM0001")]
public sealed class FeedForwardController : ControllerModule
{
    [ComponentName(Name = "0")]
    private readonly Linear _layer;

    private readonly double _clip;

    /// <summary>A controller with <see cref="NetworkSpec.ControllerSize"/> units.</summary>
    /// <param name="spec">Sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the parameters live; null: the CPU.</param>
    public FeedForwardController(NetworkSpec spec, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(nameof(FeedForwardController))
    {
        ArgumentNullException.ThrowIfNull(spec);
        _clip = spec.ControllerClip;
        _layer = nn.Linear(spec.ControllerInputSize, spec.ControllerSize, hasBias: true, device, dtype);
        RegisterComponents();
    }

    /// <summary>(c [B, D + R*M], state) gives the next state, with h in <see cref="ControllerState.Hidden"/> [B, 1, H].</summary>
    public override ControllerState forward(Tensor input, ControllerState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(state);
        Tensor hidden = DropOut(_layer.call(input).tanh().clamp(-_clip, _clip), 0);
        return new ControllerState(hidden.unsqueeze(1), state.Cell.narrow(1, 0, 0));
    }
}
