using Microsoft.ML.NTM.Onnx.Graphs;

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

    // Slots sorted by usage, of equals the first before: a = (1 - u') times the product of u' over the emptier ones, back in their places.
    // A product of many comes as the logarithms' sum; u' is never below epsilon.
    private Value Allocation(Value usage)
    {
        OnnxGraph graph = usage.Graph;
        Value[] sorted = graph.AddMany("TopK", [usage, graph.Longs(_slots)], 2, ("largest", 0));
        Value raised = sorted[0] * graph.Float(1f - Addressing.Epsilon) + Addressing.Epsilon;
        Value product = graph.Add("Exp", [graph.Add("CumSum", [raised.Log(), graph.Longs([1], shape: [])], ("exclusive", 1))]);
        return graph.Add("ScatterElements", [usage, sorted[1], (1f - raised) * product], ("axis", 1));
    }

    // L[i,j] = (1 - w[i] - w[j]) L[i,j] + w[i] p[j], diagonal 0.
    private Value Link(Value links, Value to, Value from, Value precedence)
    {
        Value linked = (1f - to - from) * links + to * precedence.Unsqueeze(1);
        Value slots = links.Graph.Longs([.. Enumerable.Range(0, (int)_slots).Select(slot => (long)slot)], _slots);
        return links.Graph.Float(0f).Where(slots.Unsqueeze(1).Equal(slots), linked);
    }

    private Value Sharpened(Value weightings, Value? exponents) =>
        exponents is { } known ? Addressing.Sharpen(weightings, known, Spec) : weightings;

    private static Value Content(Value memory, Value keys, Value strengths, Value? masks) => masks is { } known
        ? Addressing.MaskedContent(memory, keys, strengths, known)
        : Addressing.Content(memory, keys, strengths);
}
