using Microsoft.ML.NTM.Onnx.Graphs;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// A Differentiable Neural Computer as operators (Nature 538:471, Methods), with the improvements of arXiv:1904.10278 where the network has
/// them. Weightings are [B, N], those of the read heads [B, R, N]; memory [B, N, M], links [B, N, N].
/// </summary>
internal sealed class DncGraph : NetworkGraph
{
    private const float StartOfMemory = 1e-6f;

    private readonly long _width, _heads, _slots;
    private readonly int _controllerStates;

    public DncGraph(NetworkSpec spec, ParameterTables tables)
        : base(spec, tables)
    {
        (_width, _heads, _slots) = (spec.MemoryWidth, spec.NumberOfReadHeads, spec.MemorySlots);
        NetworkState[] controller = [.. Controller.States()];
        _controllerStates = controller.Length;
        var memory = new float[_slots * _width];
        Array.Fill(memory, StartOfMemory);
        States =
        [
            .. controller,
            new("reads", new float[_heads * _width], _heads * _width),
            new("memory", memory, _slots, _width),
            new("usage", new float[_slots], _slots),
            new("links", new float[_slots * _slots], _slots, _slots),
            new("precedence", new float[_slots], _slots),
            new("write_weighting", new float[_slots], _slots),
            new("read_weightings", new float[_heads * _slots], _heads, _slots),
        ];
    }

    public override IReadOnlyList<NetworkState> States { get; }

    public override (Value[] Next, Value Seen) Step(Value projected, Value[] states)
    {
        Span<Value> own = states.AsSpan(_controllerStates);
        (Value reads, Value memory, Value usage, Value links, Value precedence, Value written, Value readWeightings) =
            (own[0], own[1], own[2], own[3], own[4], own[5], own[6]);
        (Value[] controller, Value hidden) = Controller.Step(projected, reads, states.AsSpan(0, _controllerStates));
        DncInterfaceGraph ask = DncInterfaceGraph.Parse(Tables.Affine(hidden, "interface", Spec.HiddenSize), Spec);

        Value retention = Retention(ask.FreeGates, readWeightings);
        Value used = (usage + written - usage * written) * retention;
        Value writeContent = Content(memory, ask.WriteKey, ask.WriteStrength, ask.WriteMask).Squeeze(1);
        Value writeWeighting = ask.WriteGate * Addressing.Interpolate(Allocation(used), writeContent, ask.AllocationGate);
        Value where = writeWeighting.Unsqueeze(-1);                                                    // [B, N, 1]
        Value kept = Spec.Deallocation ? memory * retention.Unsqueeze(-1) : memory;
        Value next = kept * (1f - where * ask.Erase.Unsqueeze(1)) + where * ask.WriteVector.Unsqueeze(1);
        Value linked = Link(links, where, writeWeighting.Unsqueeze(1), precedence);
        Value last = (1f - writeWeighting.Reduce("ReduceSum", -1)) * precedence + writeWeighting;

        Value backward = Sharpened(readWeightings.MatMul(linked), ask.BackwardSharpening);
        Value forward = Sharpened(readWeightings.MatMul(linked.Transpose(0, 2, 1)), ask.ForwardSharpening);
        Value content = Content(next, ask.ReadKeys, ask.ReadStrengths, ask.ReadMasks);
        Value weightings = ask.Backward * backward + ask.Content * content + ask.Forward * forward;
        Value read = weightings.MatMul(next).Reshape(0, _heads * _width);
        return ([.. controller, read, next, used, linked, last, writeWeighting, weightings], Value.Concat(-1, hidden, read));
    }

    // psi = prod_r (1 - f^r w^r): gates [B, R, 1].
    private Value Retention(Value freeGates, Value readWeightings)
    {
        Value left = 1f - freeGates * readWeightings;
        return _heads == 1 ? left.Squeeze(1) : left.Reduce("ReduceProd", 1, keep: false);
    }

    // a(i) = (1 - u'(i)) times u'(j) of all slots j that are emptier, or as empty and stand before: the product over the sorted order,
    // without sorting.
    private Value Allocation(Value usage)
    {
        Value mine = usage.Unsqueeze(2), others = usage.Unsqueeze(1);                                  // [B, N, 1], [B, 1, N]
        Value earlier = usage.Graph.Longs(Pairs((i, j) => j < i), _slots, _slots).Cast(DataType.Bool);
        Value before = others.Less(mine).Binary("Or", others.Equal(mine).Binary("And", earlier));
        Value raised = usage * usage.Graph.Float(1f - Addressing.Epsilon) + Addressing.Epsilon;
        Value product = raised.Unsqueeze(1).Where(before, usage.Graph.Float(1f)).Reduce("ReduceProd", -1, keep: false);
        return (1f - raised) * product;
    }

    // L[i,j] = (1 - w[i] - w[j]) L[i,j] + w[i] p[j], diagonal 0.
    private Value Link(Value links, Value to, Value from, Value precedence)
    {
        Value linked = (1f - to - from) * links + to * precedence.Unsqueeze(1);
        return linked * links.Graph.Floats(Array.ConvertAll(Pairs((i, j) => i != j), pair => (float)pair), _slots, _slots);
    }

    private Value Sharpened(Value weightings, Value? exponents) =>
        exponents is { } known ? Addressing.Sharpen(weightings, known, Spec) : weightings;

    private static Value Content(Value memory, Value keys, Value strengths, Value? masks) => masks is { } known
        ? Addressing.MaskedContent(memory, keys, strengths, known)
        : Addressing.Content(memory, keys, strengths);

    // [N, N] of 0 and 1.
    private long[] Pairs(Func<long, long, bool> holds)
    {
        var pairs = new long[_slots * _slots];
        for (long i = 0; i < _slots; i++)
        {
            for (long j = 0; j < _slots; j++)
                pairs[i * _slots + j] = holds(i, j) ? 1 : 0;
        }
        return pairs;
    }
}
