using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The derivatives of a DNC's memory, usage and links. The state of a step is replayed from the last one kept before it.</summary>
internal sealed unsafe partial class DncMemory<V>
{
    // By a slot's read weightings, write weighting, usage and precedence.
    private int BySlotLength => (_sizes.NumberOfReadHeads + 3) * _sizes.N;

    public override void StartBackward()
    {
        _byMemory.Span(0, _rows * _sizes.MemoryLength).Clear();
        new Span<float>(_byLinks.Pointer, checked(_rows * _sizes.LinksLength)).Clear();
        _bySlots.Span(0, _rows * BySlotLength).Clear();
        _history.Restart();
    }

    public override void Backward(int step, int row, float* byReads)
    {
        float* heads = Heads(step, row);
        _history.Replay(step, row, heads, _rows * _sizes.Parameters);
        ReadBackward(step, row, _history.After(step, row), heads, byReads);
        LinkBackward(step, row, heads);
        WriteBackward(step, row, _history.Before(step, row), heads);
        AllocateBackward(step, row, heads);
    }

    public override void AddStartGradient(int row)
    {
    }

    // Through r = w M and the mixture: leaves the derivatives by the forward and backward weightings and by what the keys found.
    [MethodImpl(Jit.Optimized)]
    private void ReadBackward(int step, int row, float* memory, float* heads, float* byReads)
    {
        int n = _sizes.N, width = _sizes.Width;
        float* byMemory = ByMemory(row), byNorms = _scratch.ByNorms, byModes = stackalloc float[3];
        var slots = new SlotMatrix(memory, width, n);
        new Span<float>(byNorms, n).Clear();
        for (int head = 0; head < Grouped; head += HeadGroup.Heads)
            HeadPasses.Dots<V>(slots, new(byReads + head * width, width), new(_scratch.ByContent + head * n, n));
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
        {
            float* byWeighting = ByWeightings(row) + head * n, byContent = _scratch.ByContent + head * n;
            float* modes = heads + _sizes.Modes(head);
            if (head >= Grouped)
            {
                MemoryMatrix.Dots<V>(memory, width, n, byReads + head * width, byContent);
                MemoryMatrix.AddOuter<V>(byMemory, width, n, _tape.Weightings(step + 1, row) + head * n, byReads + head * width);
            }
            Add(byContent, byWeighting, n);
            var bySources = new ReadSources(_scratch.ByBackward + head * n, byContent, _scratch.ByForward + head * n);
            Mixture.ReadBackward<V>(byWeighting, Sources(step, row, head), modes, n, bySources, byModes);
            Words.SoftmaxBackward(modes, byModes, 3);
            new ReadOnlySpan<float>(byModes, 3).CopyTo(new Span<float>(modes, 3));
            if (head < Grouped)
                _scratch.KeyScales[head] = ContentBackward(step, row, head, _tape.Norms(step + 1, row), byContent);
            else
                AddressBackward(step, row, head, memory, _tape.Norms(step + 1, row), byContent);
        }
        for (int head = 0; head < Grouped; head += HeadGroup.Heads)
            GroupBackward(step, row, head, slots, byReads);
        if (!_sizes.Masked)
            MemoryMatrix.AddScaled<V>(memory, width, n, byNorms, byMemory);
    }

    // Four heads' way back through the memory: to it and to their keys.
    [MethodImpl(Jit.Optimized)]
    private void GroupBackward(int step, int row, int first, SlotMatrix slots, float* byReads)
    {
        int n = slots.N, width = slots.Width;
        float* keys = Heads(step, row) + _sizes.Key(first), byKeys = _scratch.ByKey + first * width;
        HeadPasses.Backward<V>(slots, ByMemory(row), new HeadPasses.Heads
        {
            Weightings = new(_tape.Weightings(step + 1, row) + first * n, n),
            ByWords = new(byReads + first * width, width),
            Keys = new(keys, width),
            ByDots = new(_scratch.ByDots + first * n, n),
            ByKeys = new(byKeys, width),
        });
        for (int head = 0; head < HeadGroup.Heads; head++)
        {
            float scale = _scratch.KeyScales[first + head];
            for (int m = head * width; m < (head + 1) * width; m++)
                keys[m] = byKeys[m] + scale * keys[m];
        }
    }

    // Through a head's content weighting and cosines: leaves the derivatives by its dot products, adds to those by the norms, and gives
    // what its key is to be multiplied by for its part through its norm.
    [MethodImpl(Jit.Optimized)]
    private float ContentBackward(int step, int row, int head, float* norms, float* byContent)
    {
        int n = _sizes.N;
        float* strength = Heads(step, row) + _sizes.Strength(head), scalars = _tape.Scalars(step, row, head);
        float* cosines = _tape.Cosines(step, row, head), byCosines = _scratch.ByCosines, byDots = _scratch.ByDots + head * n;
        float byStrength = WeightingGradient.Content<V>(byContent, _tape.Content(step, row, head), cosines, *strength, n, byCosines);
        *strength = byStrength * scalars[1];
        float byKeyNorm = WeightingGradient.Cosines<V>(byCosines, cosines, norms, scalars[0], n, byDots, _scratch.ByNorms);
        return scalars[0] > 0 ? byKeyNorm / scalars[0] : 0;
    }

    // Through sharpening, links and precedence: by the weightings, write weighting, precedence and links before.
    [MethodImpl(Jit.Optimized)]
    private void LinkBackward(int step, int row, float* heads)
    {
        int n = _sizes.N;
        float* byForward = _scratch.ByForward, byBackward = _scratch.ByBackward;
        for (int head = 0; head < _sizes.NumberOfReadHeads && _sizes.Sharpens; head++)
        {
            float* exponents = heads + _sizes.Sharpening(head), slopes = _tape.SharpeningSlopes(step, row, head);
            exponents[0] = slopes[0] * WeightingGradient.Sharpen<V>(_tape.Backward(step, row) + head * n,
                _tape.SharpBackward(step, row) + head * n, byBackward + head * n, exponents[0], _sizes.Epsilons, n, byBackward + head * n);
            exponents[1] = slopes[1] * WeightingGradient.Sharpen<V>(_tape.Forward(step, row) + head * n,
                _tape.SharpForward(step, row) + head * n, byForward + head * n, exponents[1], _sizes.Epsilons, n, byForward + head * n);
        }
        LinkWrite written = _history.Written(step, row);
        var byWritten = new LinkWrite
        {
            Links = ByLinks(row),
            Slots = _sizes.Slots,
            N = n,
            Write = ByWrite(row),
            Precedence = ByPrecedence(row),
        };
        var byReads = new LinkReads
        {
            Heads = _sizes.NumberOfReadHeads,
            Weightings = ByWeightings(row),
            Forward = byForward,
            Backward = byBackward,
        };
        LinkageGradient.Precedence<V>(written.Precedence, written.Write, n, byWritten.Write, byWritten.Precedence);
        new Span<float>(ByWeightings(row), _sizes.NumberOfReadHeads * n).Clear();
        LinkageGradient.Step<V>(written, byWritten, _tape.Weightings(step, row), byReads, _scratch.Links);
    }

    // Through the write and where it went: by the memory before, the allocation and, with de-allocation, the retention.
    [MethodImpl(Jit.Optimized)]
    private void WriteBackward(int step, int row, float* memory, float* heads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* write = _tape.Write(step + 1, row), byWrite = ByWrite(row), byMemory = ByMemory(row);
        float* byContent = _scratch.ByContent, byNorms = _scratch.ByNorms, product = _scratch.Product;
        float* erase = heads + _sizes.Erase, vector = heads + _sizes.WriteVector, retained = memory;
        if (_sizes.Deallocates)
        {
            retained = _scratch.Retained;
            SlotRetention.Retain<V>(memory, _tape.Retention(step, row), width, n, retained);
        }
        MemoryMatrix.Multiply<V>(byMemory, retained, width, n, product);
        MemoryMatrix.Dots<V>(byMemory, width, n, vector, byContent);
        Add(byContent, byWrite, n);
        MemoryMatrix.Dots<V>(product, width, n, erase, byContent);
        Subtract(byContent, byWrite, n);
        MemoryMatrix.Read<V>(byMemory, width, n, write, vector);
        MemoryMatrix.Read<V>(product, width, n, write, _scratch.ByKey);
        MemoryMatrix.Erase<V>(byMemory, width, n, write, erase);
        for (int m = 0; m < width; m++)
            erase[m] = -_scratch.ByKey[m] * erase[m] * (1 - erase[m]);
        if (_sizes.Deallocates)
            SlotRetention.RetainBackward<V>(memory, _tape.Retention(step, row), width, n, byMemory, _scratch.ByRetention);
        else
            new Span<float>(_scratch.ByRetention, n).Clear();

        WriteGates gates = Gates(heads), byGates = Mixture.WriteBackward<V>(byWrite, _tape.Allocation(step, row),
            _tape.Content(step, row, writer), gates, n, _scratch.ByAllocation, byContent);
        heads[_sizes.AllocationGate] = byGates.Allocation * gates.Allocation * (1 - gates.Allocation);
        heads[_sizes.WriteGate] = byGates.Write * gates.Write * (1 - gates.Write);
        new Span<float>(byNorms, n).Clear();
        AddressBackward(step, row, writer, memory, _tape.Norms(step, row), byContent);
        if (!_sizes.Masked)
            MemoryMatrix.AddScaled<V>(memory, width, n, byNorms, byMemory);
    }

    // Through allocation, usage and retention: by the usage, the weightings and the write weighting before.
    [MethodImpl(Jit.Optimized)]
    private void AllocateBackward(int step, int row, float* heads)
    {
        int n = _sizes.N;
        float* byRetention = _scratch.ByRetention, byFreeGates = _scratch.ByFreeGates, gates = heads + _sizes.FreeGates;
        Allocation.Backward(_tape.Usage(step + 1, row), _tape.Order(step, row), _sizes.Slots, _scratch.ByAllocation, _scratch.Products,
            ByUsage(row));
        SlotUsage.NextBackward<V>(ByUsage(row), _tape.Usage(step, row), _tape.Write(step, row), _tape.Retention(step, row), n, ByWrite(row),
            byRetention);
        SlotUsage.RetentionBackward<V>(byRetention, _tape.Weightings(step, row), gates, _sizes.NumberOfReadHeads, n, ByWeightings(row),
            byFreeGates);
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
            gates[head] = byFreeGates[head] * gates[head] * (1 - gates[head]);
    }

    // Through a head's content weighting: to its key, strength and mask and to the memory. What goes through unmasked norms waits in
    // ByNorms.
    [MethodImpl(Jit.Optimized)]
    private void AddressBackward(int step, int row, int head, float* memory, float* norms, float* byContent)
    {
        int n = _sizes.N, width = _sizes.Width;
        float* heads = Heads(step, row), byMemory = ByMemory(row), byNorms = _scratch.ByNorms, byKey = _scratch.ByKey + head * width;
        float* key = heads + _sizes.Key(head), byDots = _scratch.ByDots + head * n, word = key;
        if (_sizes.Masked)
        {
            new Span<float>(byNorms, n).Clear();
            norms = _tape.MaskedNorms(step, row, head);
            MaskKey(key, heads + _sizes.Mask(head));
            word = _scratch.MaskedKey;
        }
        float scale = ContentBackward(step, row, head, norms, byContent);
        MemoryMatrix.AddOuter<V>(byMemory, width, n, byDots, word);
        MemoryMatrix.Read<V>(memory, width, n, byDots, byKey);
        if (_sizes.Masked)
        {
            MaskedNorms.NormsBackward<V>(memory, _scratch.Squares, byNorms, width, n, byMemory, _scratch.BySquares);
            StoreMaskedKeyGradient(key, heads + _sizes.Mask(head), byKey, scale);
        }
        else
        {
            for (int m = 0; m < width; m++)
                key[m] = byKey[m] + scale * key[m];
        }
    }

    // Key and mask count through the dot products and the key's norm, the mask through the slots' norms as well.
    [MethodImpl(Jit.Optimized)]
    private void StoreMaskedKeyGradient(float* key, float* mask, float* byKey, float scale)
    {
        float* squares = _scratch.Squares, bySquares = _scratch.BySquares;
        for (int m = 0; m < _sizes.Width; m++)
        {
            float part = mask[m], word = key[m], byMask = part * (word * (2 * byKey[m] + scale * word) + bySquares[m]);
            key[m] = squares[m] * (byKey[m] + scale * word);
            mask[m] = byMask * part * (1 - part);
        }
    }

    private float* ByMemory(int row) => _byMemory.Pointer + (nint)row * _sizes.MemoryLength;

    private float* ByLinks(int row) => _byLinks.Pointer + (nint)row * _sizes.LinksLength;

    private float* ByWeightings(int row) => _bySlots.Pointer + (nint)row * BySlotLength;

    private float* ByWrite(int row) => ByWeightings(row) + _sizes.NumberOfReadHeads * _sizes.N;

    private float* ByUsage(int row) => ByWrite(row) + _sizes.N;

    private float* ByPrecedence(int row) => ByUsage(row) + _sizes.N;

    [MethodImpl(Jit.Optimized)]
    private static void Add(float* from, float* to, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.Store(to + i, V.Load(to + i) + V.Load(from + i));
    }

    [MethodImpl(Jit.Optimized)]
    private static void Subtract(float* from, float* to, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.Store(to + i, V.Load(to + i) - V.Load(from + i));
    }
}
