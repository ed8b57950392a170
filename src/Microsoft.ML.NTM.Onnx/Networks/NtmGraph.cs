using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>A Neural Turing Machine as operators (arXiv:1410.5401, section 3). Read heads stand before write heads (Hd = R + W).</summary>
internal sealed class NtmGraph : NetworkGraph
{
    private const float ConstantMemory = 1e-6f;

    private readonly long _width, _heads, _reads, _writes, _shifts;
    private readonly int _controllerStates;
    private readonly int[] _rows;

    public NtmGraph(NetworkSpec spec, ParameterTables tables)
        : base(spec, tables)
    {
        (_width, _reads, _writes, _shifts) = (spec.MemoryWidth, spec.NumberOfReadHeads, spec.NumberOfWriteHeads, 2 * spec.ShiftRange + 1);
        _heads = _reads + _writes;
        NetworkState[] controller = [.. Controller.States()];
        _controllerStates = controller.Length;
        States =
        [
            .. controller,
            new("reads", [.. tables.Find(ParameterNames.InitialReads)!.Select(MathF.Tanh)], _reads * _width),
            new("memory", tables.Find(ParameterNames.InitialMemory) ?? Filled(spec.MemorySlots * spec.MemoryWidth),
                spec.MemorySlots, _width),
            new("weightings",
                [.. Weightings(ParameterNames.InitialReadWeightings, _reads),
                    .. Weightings(ParameterNames.InitialWriteWeightings, _writes)],
                _heads,
                spec.MemorySlots),
        ];
        _rows = [.. Rows()];
    }

    public override IReadOnlyList<NetworkState> States { get; }

    public override (Value[] Next, Value Seen) Step(Value projected, Value[] states)
    {
        (Value reads, Value memory, Value previous) = (states[^3], states[^2], states[^1]);
        (Value[] controller, Value hidden) = Controller.Step(projected, reads, states.AsSpan(0, _controllerStates));
        Heads ask = Ask(hidden);
        Value content = Addressing.Content(memory, ask.Keys, ask.Strengths);
        Value gated = Addressing.Interpolate(content, previous, ask.Gates);
        Value shifted = Addressing.Shift(gated, ask.Shifts, Spec.MemorySlots, Spec.ShiftRange);
        Value weightings = Addressing.Sharpen(shifted, ask.Sharpenings, Spec);
        Value[] parts = weightings.Graph.AddMany("Split", [weightings], 2, ("axis", 1), ("split", new[] { _reads, _writes }));
        Value read = parts[0].MatMul(memory).Reshape(0, _reads * _width);                     // before the writes
        Value written = Write(memory, parts[1], ask);
        return ([.. controller, read, written, weightings], Value.Concat(-1, hidden, read));
    }

    /// <summary>
    /// What the controller asks of the heads: keys [B, Hd, M], scalars [B, Hd, 1], shifts [B, Hd, 2S + 1], erase and add [B, W, M].
    /// </summary>
    private readonly record struct Heads(Value Keys, Value Strengths, Value Gates, Value Shifts, Value Sharpenings, Value? Erase,
        Value Add);

    private Heads Ask(Value hidden)
    {
        bool erases = Spec.WriteRule == MemoryWriteRule.EraseAdd;
        Value[] raw = Tables.Affine(hidden, "heads", Spec.HiddenSize, _rows)
            .Split(_heads * _width, _heads, _heads, _heads * _shifts, _heads, erases ? _writes * _width : 0, _writes * _width);
        Value keys = raw[0].Reshape(0, _heads, _width);
        return new Heads(
            Spec.KeyTanh ? keys.Tanh() : keys,
            raw[1].Softplus().Unsqueeze(-1),
            raw[2].Sigmoid().Unsqueeze(-1),
            raw[3].Reshape(0, _heads, _shifts).Softmax(),
            raw[4].OnePlus().Unsqueeze(-1),
            erases ? raw[5].Sigmoid().Reshape(0, _writes, _width) : null,
            raw[6].Reshape(0, _writes, _width));
    }

    // M prod_w(1 - w e^T) + sum_w w a^T; e is 1 where the rule is to interpolate.
    private Value Write(Value memory, Value weightings, Heads ask)
    {
        Value where = weightings.Unsqueeze(-1);                                               // [B, W, N, 1]
        Value erased = ask.Erase is { } erase ? where * erase.Unsqueeze(2) : where;           // [B, W, N, M or 1]
        Value kept = _writes == 1 ? (1f - erased).Squeeze(1) : (1f - erased).Reduce("ReduceProd", 1, keep: false);
        return memory * kept + weightings.Transpose(0, 2, 1).MatMul(ask.Add);
    }

    // The parameters' order is head by head; the graph wants all keys, all strengths, ... one behind another.
    private IEnumerable<int> Rows()
    {
        int width = Spec.MemoryWidth, shifts = (int)_shifts, erase = Spec.WriteRule == MemoryWriteRule.EraseAdd ? width : 0;
        int[] heads = [.. Enumerable.Range(0, (int)_heads).Select(head => head < _reads
            ? head * Spec.ReadHeadSize
            : (int)_reads * Spec.ReadHeadSize + (head - (int)_reads) * Spec.WriteHeadSize)];
        IEnumerable<int> Each(IEnumerable<int> starts, int offset, int count) =>
            starts.SelectMany(start => Enumerable.Range(start + offset, count));
        int[] writes = heads[(int)_reads..];
        return
        [
            .. Each(heads, 0, width), .. Each(heads, width, 1), .. Each(heads, width + 1, 1), .. Each(heads, width + 2, shifts),
            .. Each(heads, width + 2 + shifts, 1),
            .. Each(writes, Spec.ReadHeadSize, erase), .. Each(writes, Spec.ReadHeadSize + erase, width),
        ];
    }

    // Distributions from learned logits, or zeros.
    private float[] Weightings(string name, long heads)
    {
        int slots = Spec.MemorySlots;
        if (Tables.Find(name) is not { } logits)
            return new float[heads * slots];
        return [.. logits.Chunk(slots).SelectMany(Distribution)];

        static IEnumerable<float> Distribution(float[] logits)
        {
            double[] powers = [.. logits.Select(logit => Math.Exp(logit - (double)logits.Max()))];
            double sum = powers.Sum();
            return powers.Select(power => (float)(power / sum));
        }
    }

    private static float[] Filled(int length)
    {
        var values = new float[length];
        Array.Fill(values, ConstantMemory);
        return values;
    }
}
