using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>
/// A stack of LSTM layers. The first layer sees the controller input c; layer l sees layer l-1's output and, in a DNC, c before it
/// (Nature 538:471, Methods, Eq. 1-5).
/// </summary>
[Experimental("NTM0001")]
public sealed class LstmController : ControllerModule
{
    private readonly LstmLayer[] _layers;
    private readonly bool _inputToEveryLayer;

    /// <summary>
    /// A controller with <see cref="NetworkSpec.ControllerLayers"/> layers of <see cref="NetworkSpec.ControllerSize"/> units.
    /// </summary>
    /// <param name="spec">Sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the parameters live; null: the CPU.</param>
    public LstmController(NetworkSpec spec, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(nameof(LstmController))
    {
        ArgumentNullException.ThrowIfNull(spec);
        _inputToEveryLayer = spec.Kind == NetworkKind.Dnc;
        _layers = new LstmLayer[spec.ControllerLayers];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new(spec.LayerInputSize(layer), spec.ControllerSize, spec.ControllerClip, dtype, device);
            register_module($"{layer}", _layers[layer]);
        }
    }

    /// <summary>(c [B, D + R*M], state) gives the next state, all layers in it: [B, L, H].</summary>
    public override ControllerState forward(Tensor input, ControllerState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(state);
        var hidden = new Tensor[_layers.Length];
        var cell = new Tensor[_layers.Length];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Tensor seen = layer == 0 ? input : _inputToEveryLayer ? cat([input, hidden[layer - 1]], dim: 1) : hidden[layer - 1];
            (hidden[layer], cell[layer]) = _layers[layer].call(seen, state.Hidden.select(1, layer), state.Cell.select(1, layer));
            hidden[layer] = DropOut(hidden[layer], layer);
        }
        return new ControllerState(stack(hidden, dim: 1), stack(cell, dim: 1));
    }
}
