using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>
/// The baseline of both papers as a TorchSharp module: stacked LSTM layers without a memory. (input [B, D], state) gives
/// (logits [B, O], next state).
/// </summary>
[Experimental("NTM0001")]
public sealed class LstmNetwork : SequenceCell<ControllerState>
{
    [ComponentName(Name = "initial")]
    private readonly ControllerStart _initial;

    [ComponentName(Name = "controller")]
    private readonly LstmController _controller;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    /// <summary>A network with freshly drawn parameters (<see cref="SequenceCell{TState}.Reset(Generator)"/>).</summary>
    /// <param name="spec">Sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the parameters live; null: the CPU.</param>
    /// <exception cref="ArgumentException"><paramref name="spec"/> is not that of an LSTM, or of one that reads both ways, which has no
    /// steps.</exception>
    public LstmNetwork(NetworkSpec spec, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(spec, nameof(LstmNetwork), dtype, device)
    {
        if (spec.Kind != NetworkKind.Lstm || spec.Controller != ControllerKind.Lstm)
            throw new ArgumentException($"An LSTM was asked to be a {spec.Kind} with a {spec.Controller} controller.", nameof(spec));
        if (spec.Bidirectional)
            throw new ArgumentException("A bidirectional LSTM needs whole sequences: it is no cell that goes by steps.", nameof(spec));
        _initial = new ControllerStart(spec, dtype, device);
        _controller = new LstmController(spec, dtype, device);
        _output = nn.Linear(spec.HiddenSize, spec.OutputSize, hasBias: true, device, dtype);
        RegisterComponents();
        Reset();
    }

    /// <inheritdoc/>
    internal override ControllerModule Controller => _controller;

    /// <inheritdoc/>
    public override ControllerState InitialState(long rows) => _initial.Controller(rows, _output.weight!.dtype, _output.weight.device);

    /// <inheritdoc/>
    public override ControllerState Step(Tensor input, ControllerState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(state);
        return _controller.call(input, state);
    }

    /// <inheritdoc/>
    public override Tensor Output(ControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return _output.call(state.Output);
    }
}
