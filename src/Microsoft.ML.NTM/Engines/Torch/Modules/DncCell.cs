using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>
/// A Differentiable Neural Computer as a TorchSharp module (Graves et al. 2016, Nature 538:471), with the improvements of Csordas and
/// Schmidhuber (arXiv:1904.10278) where the spec asks for them: (input [B, D], state) gives (logits [B, O], next state).
/// </summary>
[Experimental("NTM0001")]
public sealed class DncCell : SequenceCell<DncState>
{
    [ComponentName(Name = "controller")]
    private readonly ControllerModule _controller;

    [ComponentName(Name = "interface")]
    private readonly Linear _interface;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    /// <summary>A computer with freshly drawn parameters (<see cref="SequenceCell{TState}.Reset(Generator)"/>).</summary>
    /// <param name="spec">Sizes and kinds.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="device">Where the parameters live; null: the CPU.</param>
    /// <exception cref="ArgumentException"><paramref name="spec"/> is not that of a DNC with one write head.</exception>
    public DncCell(NetworkSpec spec, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(spec, nameof(DncCell), dtype, device)
    {
        if (spec.Kind != NetworkKind.Dnc || spec.NumberOfWriteHeads != 1)
            throw new ArgumentException($"A DNC cell was asked to be a {spec.Kind} with {spec.NumberOfWriteHeads} write heads.",
                nameof(spec));
        _controller = ControllerModule.Create(spec, dtype, device);
        _interface = nn.Linear(spec.HiddenSize, spec.InterfaceSize, hasBias: true, device, dtype);
        _output = nn.Linear(spec.HiddenSize + spec.ReadSize, spec.OutputSize, hasBias: true, device, dtype);
        RegisterComponents();
        Reset();
    }

    /// <summary>Everything 0 and the memory 1e-6, for <paramref name="rows"/> sequences.</summary>
    public override DncState InitialState(long rows)
    {
        (long slots, long width, long heads) = (Spec.MemorySlots, Spec.MemoryWidth, Spec.NumberOfReadHeads);
        int cells = Spec.Controller == ControllerKind.FeedForward ? 0 : Spec.ControllerLayers;
        return new DncState
        {
            Memory = Zeros(rows, slots, width) + NtmStart.ConstantMemory,
            Usage = Zeros(rows, slots),
            Links = Zeros(rows, slots, slots),
            Precedence = Zeros(rows, slots),
            WriteWeighting = Zeros(rows, slots),
            ReadWeightings = Zeros(rows, heads, slots),
            Reads = Zeros(rows, heads, width),
            Controller = new ControllerState(Zeros(rows, Spec.ControllerLayers, Spec.ControllerSize),
                Zeros(rows, cells, Spec.ControllerSize)),
        };
    }

    /// <inheritdoc/>
    internal override ControllerModule Controller => _controller;

    /// <inheritdoc/>
    public override DncState Step(Tensor input, DncState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(state);
        ControllerState controller = _controller.call(cat([input, state.Reads.flatten(1)], dim: 1), state.Controller);
        DncInterface ask = Interface(controller);
        Tensor retention = Allocation.Retention(ask.FreeGates, state.ReadWeightings);
        Tensor usage = Allocation.Usage(state.Usage, state.WriteWeighting, retention);
        Tensor writeWeighting = WriteWeighting(ask, state.Memory, Allocation.Weighting(usage));
        Tensor memory = Write(ask, state.Memory, writeWeighting, retention);
        Tensor links = TemporalLinks.Link(state.Links, writeWeighting, state.Precedence);
        Tensor precedence = TemporalLinks.Precedence(state.Precedence, writeWeighting);
        Tensor readWeightings = ReadWeightings(ask, memory, links, state.ReadWeightings);
        Tensor reads = ExternalMemory.Read(memory, readWeightings);
        return new DncState
        {
            Memory = memory,
            Usage = usage,
            Links = links,
            Precedence = precedence,
            WriteWeighting = writeWeighting,
            ReadWeightings = readWeightings,
            Reads = reads,
            Controller = controller,
        };
    }

    /// <inheritdoc/>
    public override Tensor Output(DncState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return _output.call(cat([state.Controller.Output, state.Reads.flatten(1)], dim: 1));
    }

    /// <summary>
    /// What a controller state asks of the memory: to look at. The parameters live as long as the enclosing dispose scope.
    /// </summary>
    public DncInterface Interface(ControllerState controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        return DncInterface.Parse(_interface.call(controller.Output), Spec);
    }

    // w^w = g_w (g_a a + (1 - g_a) c^w): (B, N)
    private static Tensor WriteWeighting(DncInterface ask, Tensor memory, Tensor allocation)
    {
        Tensor content = Content(memory, ask.WriteKey, ask.WriteStrength, ask.WriteMask).squeeze(1);
        return ask.WriteGate * Addressing.Interpolate(allocation, content, ask.AllocationGate);
    }

    // M_{t-1} (1 - w^w e^T) + w^w v^T; with de-allocation, what was freed is erased first (arXiv:1904.10278, section 3.2): (B, N, M)
    private Tensor Write(DncInterface ask, Tensor memory, Tensor writeWeighting, Tensor retention) => ExternalMemory.Write(
        Spec.Deallocation ? memory * retention.unsqueeze(-1) : memory,
        writeWeighting.unsqueeze(1),
        ask.Erase.unsqueeze(1),
        ask.WriteVector.unsqueeze(1));

    // w^r = pi_1 b + pi_2 c + pi_3 f, content on the memory just written: (B, R, N)
    private Tensor ReadWeightings(DncInterface ask, Tensor memory, Tensor links, Tensor previous)
    {
        Tensor backward = Sharpen(TemporalLinks.Backward(links, previous), ask.LinkSharpenings?.narrow(-1, 0, 1));
        Tensor content = Content(memory, ask.ReadKeys, ask.ReadStrengths, ask.ReadMasks);
        Tensor forward = Sharpen(TemporalLinks.Forward(links, previous), ask.LinkSharpenings?.narrow(-1, 1, 1));
        return ask.ReadModes.narrow(-1, 0, 1) * backward + ask.ReadModes.narrow(-1, 1, 1) * content
            + ask.ReadModes.narrow(-1, 2, 1) * forward;
    }

    // Content weighting, through masks where there are any: cos(k m, M(i) m) (arXiv:1904.10278, section 3.1): (B, heads, N)
    private static Tensor Content(Tensor memory, Tensor keys, Tensor strengths, Tensor? masks) => masks is null
        ? Addressing.ContentWeighting(memory, keys, strengths)
        : Addressing.ContentWeighting(memory.unsqueeze(1) * masks.unsqueeze(2), keys * masks, strengths);

    // Links blur with every write; an exponent makes them sharp again (arXiv:1904.10278, section 3.3): (B, R, N)
    private Tensor Sharpen(Tensor weightings, Tensor? exponents) =>
        exponents is null ? weightings : Addressing.Sharpen(weightings, exponents, Spec);

    private Tensor Zeros(params long[] shape) => zeros(shape, _output.weight!.dtype, _output.weight.device);
}
