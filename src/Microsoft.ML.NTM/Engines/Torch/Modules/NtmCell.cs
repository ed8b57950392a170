using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>
/// A Neural Turing Machine as a TorchSharp module (Graves et al. 2014, arXiv:1410.5401): (input [B, D], state) gives
/// (logits [B, O], next state). Runs in single and double precision on any device.
/// </summary>
[Experimental("NTM0001")]
public sealed class NtmCell : SequenceCell<NtmState>
{
    [ComponentName(Name = "initial")]
    private readonly NtmStart _initial;

    [ComponentName(Name = "controller")]
    private readonly ControllerModule _controller;

    [ComponentName(Name = "heads")]
    private readonly Linear _heads;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    /// <summary>A machine with freshly drawn parameters (<see cref="SequenceCell{TState}.Reset(Generator)"/>).</summary>
    /// <param name="spec">Sizes and kinds.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the parameters live; null: the CPU.</param>
    /// <exception cref="ArgumentException"><paramref name="spec"/> is not that of an NTM.</exception>
    public NtmCell(NetworkSpec spec, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(spec, nameof(NtmCell), dtype, device)
    {
        if (spec.Kind != NetworkKind.Ntm)
            throw new ArgumentException($"An NTM cell was asked to be a {spec.Kind}.", nameof(spec));
        _initial = new NtmStart(spec, dtype, device);
        _controller = ControllerModule.Create(spec, dtype, device);
        _heads = nn.Linear(spec.HiddenSize, spec.HeadsSize, hasBias: true, device, dtype);
        _output = nn.Linear(spec.HiddenSize + spec.ReadSize, spec.OutputSize, hasBias: true, device, dtype);
        RegisterComponents();
        Reset();
    }

    /// <inheritdoc/>
    internal override ControllerModule Controller => _controller;

    /// <inheritdoc/>
    public override NtmState InitialState(long rows) => _initial.State(rows);

    /// <inheritdoc/>
    public override NtmState Step(Tensor input, NtmState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(state);
        ControllerState controller = _controller.call(ControllerInput(input, state.Reads), state.Controller);
        NtmHeads heads = Heads(controller);
        Tensor weightings = Address(heads, state);                                          // (B, R + W, N)
        Tensor readWeightings = weightings.narrow(1, 0, Spec.NumberOfReadHeads);
        Tensor writeWeightings = weightings.narrow(1, Spec.NumberOfReadHeads, Spec.NumberOfWriteHeads);
        Tensor reads = ExternalMemory.Read(state.Memory, readWeightings);                   // before the writes
        Tensor memory = ExternalMemory.Write(state.Memory, writeWeightings, heads.Erase, heads.Add);
        return new NtmState
        {
            Memory = memory,
            Reads = reads,
            ReadWeightings = readWeightings,
            WriteWeightings = writeWeightings,
            Controller = controller,
        };
    }

    /// <inheritdoc/>
    public override Tensor Output(NtmState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return _output.call(cat([state.Controller.Output, state.Reads.flatten(1)], dim: 1));
    }

    /// <summary>
    /// What a controller state asks of the heads: to look at. The parameters live as long as the enclosing dispose scope.
    /// </summary>
    public NtmHeads Heads(ControllerState controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        return NtmHeads.Parse(_heads.call(controller.Output), Spec);
    }

    // [x ; r^1 ; ... ; r^R]: (B, D + R*M)
    private static Tensor ControllerInput(Tensor input, Tensor reads) => cat([input, reads.flatten(1)], dim: 1);

    // Content, interpolation, shift, sharpening, for all heads at once on the memory before the writes: (B, R + W, N)
    private Tensor Address(NtmHeads heads, NtmState state)
    {
        Tensor previous = cat([state.ReadWeightings, state.WriteWeightings], dim: 1);
        Tensor content = Addressing.ContentWeighting(state.Memory, heads.Key, heads.Strength);
        Tensor gated = Addressing.Interpolate(content, previous, heads.Gate);
        Tensor shifted = Addressing.Shift(gated, heads.Shift);
        return Addressing.Sharpen(shifted, heads.Sharpening, Spec);
    }
}
