namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What a DNC's heads did, under the names of Nature 538:471, Methods.</summary>
internal sealed unsafe partial class DncMemory<V>
{
    public override void Look(TraceSink sink)
    {
        int n = _sizes.N, slots = _sizes.Slots, writer = _sizes.NumberOfReadHeads;
        float* heads = Heads(0, 0);
        void Tell(string what, float* values, int count) => sink(what, new ReadOnlySpan<float>(values, count));
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
        {
            string name = $"read {head + 1}";
            Tell($"{name} weighting", _tape.Weightings(0, 0) + head * n, slots);
            Tell($"{name} backward", _tape.SharpBackward(0, 0) + head * n, slots);
            Tell($"{name} content", _tape.Content(0, 0, head), slots);
            Tell($"{name} forward", _tape.SharpForward(0, 0) + head * n, slots);
            Tell($"{name} modes", heads + _sizes.Modes(head), 3);
            Tell($"{name} free gate", heads + _sizes.FreeGates + head, 1);
            TellAddress(name, head, heads, sink);
            if (_sizes.Sharpens)
                Tell($"{name} sharpening", heads + _sizes.Sharpening(head), 2);
        }
        Tell("write weighting", _tape.Write(0, 0), slots);
        Tell("write content", _tape.Content(0, 0, writer), slots);
        Tell("write allocation", _tape.Allocation(0, 0), slots);
        Tell("write allocation gate", heads + _sizes.AllocationGate, 1);
        Tell("write gate", heads + _sizes.WriteGate, 1);
        TellAddress("write", writer, heads, sink);
        Tell("write erase", heads + _sizes.Erase, _sizes.Width);
        Tell("write vector", heads + _sizes.WriteVector, _sizes.Width);
        Tell("usage", _tape.Usage(0, 0), slots);
        Tell("precedence", _tape.Precedence(0, 0), slots);
        sink("memory", SlotBySlot(Memory(0), slots, n, _sizes.Width));
    }

    private void TellAddress(string name, int head, float* heads, TraceSink sink)
    {
        sink($"{name} strength", new ReadOnlySpan<float>(heads + _sizes.Strength(head), 1));
        sink($"{name} key", new ReadOnlySpan<float>(heads + _sizes.Key(head), _sizes.Width));
        if (_sizes.Masked)
            sink($"{name} mask", new ReadOnlySpan<float>(heads + _sizes.Mask(head), _sizes.Width));
    }
}
