namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What an NTM's heads did, under the names of arXiv:1410.5401, section 3.</summary>
internal sealed unsafe partial class NtmMemory<V>
{
    public override void Look(TraceSink sink)
    {
        for (int h = 0; h < _sizes.Heads; h++)
        {
            bool writes = h >= _sizes.NumberOfReadHeads;
            string name = writes ? $"write {h - _sizes.NumberOfReadHeads + 1}" : $"read {h + 1}";
            float* head = Heads(0, 0) + _sizes.Head(h);
            void Tell(string what, float* values, int count) => sink($"{name} {what}", new ReadOnlySpan<float>(values, count));
            Tell("weighting", _tape.Weighting(0, 0, h), _sizes.Slots);
            Tell("content", _tape.Content(0, 0, h), _sizes.Slots);
            Tell("gate", head + _sizes.Gate, 1);
            Tell("shift", head + _sizes.Shift, _sizes.Shifts);
            Tell("sharpening", head + _sizes.Sharpening, 1);
            Tell("strength", head + _sizes.Strength, 1);
            Tell("key", head, _sizes.Width);
            if (!writes)
                continue;
            Tell("erase", _history.Erase(head), _sizes.Width);
            Tell("add", head + _sizes.Add, _sizes.Width);
        }
        sink("memory", SlotBySlot(Memory(0), _sizes.Slots, _sizes.N, _sizes.Width));
    }
}
