using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The derivatives of a DNC's memory, usage and links. The state of a step is replayed from the last one kept before it.</summary>
internal sealed unsafe partial class DncMemory<V>
{
    // Scratch vectors of n, without those of every head.
    private const int LaneBuffers = 6;

    private const int WordBuffers = 4;

    // By a slot's read weightings, write weighting, usage and precedence.
    private int BySlotLength => (_sizes.NumberOfReadHeads + 3) * _sizes.N;

    private int ScratchLength => (LaneBuffers + 2 + 6 * _sizes.NumberOfReadHeads) * _sizes.N + 2 * _sizes.MemoryLength
        + WordBuffers * PaddedWidth
        + NtmSizes.Padded(_sizes.NumberOfReadHeads);

    private int PaddedWidth => NtmSizes.Padded(_sizes.Width);

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
        float* byMemory = ByMemory(row), byContent = Lanes(0), byNorms = Lanes(1), byModes = stackalloc float[3];
        new Span<float>(byNorms, n).Clear();
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
        {
            float* byWeighting = ByWeightings(row) + head * n, modes = heads + _sizes.Modes(head);
            MemoryMatrix.Dots<V>(memory, width, n, byReads + head * width, byContent);
            Add(byContent, byWeighting, n);
            MemoryMatrix.AddOuter<V>(byMemory, width, n, _tape.Weightings(step + 1, row) + head * n, byReads + head * width);
            Mixture.ReadBackward<V>(byWeighting, _tape.SharpBackward(step, row) + head * n, _tape.Content(step, row, head),
                _tape.SharpForward(step, row) + head * n, modes, n, ByBackward + head * n, byContent, ByForward + head * n, byModes);
            Words.SoftmaxBackward(modes, byModes, 3);
            new ReadOnlySpan<float>(byModes, 3).CopyTo(new Span<float>(modes, 3));
            AddressBackward(step, row, head, memory, _tape.Norms(step + 1, row), heads, byContent, byMemory, byNorms);
        }
        if (!_sizes.Masked)
            MemoryMatrix.AddScaled<V>(memory, width, n, byNorms, byMemory);
    }

    // Through sharpening, links and precedence: by the weightings, write weighting, precedence and links before.
    [MethodImpl(Jit.Optimized)]
    private void LinkBackward(int step, int row, float* heads)
    {
        int n = _sizes.N;
        float* write = _tape.Write(step + 1, row), precedence = _tape.Precedence(step, row), byWrite = ByWrite(row),
            byPrecedence = ByPrecedence(row);
        for (int head = 0; head < _sizes.NumberOfReadHeads && _sizes.Sharpens; head++)
        {
            float* exponents = heads + _sizes.Sharpening(head), slopes = _tape.SharpeningSlopes(step, row, head);
            exponents[0] = slopes[0] * WeightingGradient.Sharpen<V>(_tape.Backward(step, row) + head * n,
                _tape.SharpBackward(step, row) + head * n, ByBackward + head * n, exponents[0], _sizes.Epsilons, n, ByBackward + head * n);
            exponents[1] = slopes[1] * WeightingGradient.Sharpen<V>(_tape.Forward(step, row) + head * n,
                _tape.SharpForward(step, row) + head * n, ByForward + head * n, exponents[1], _sizes.Epsilons, n, ByForward + head * n);
        }
        LinkageGradient.Precedence<V>(precedence, write, n, byWrite, byPrecedence);
        new Span<float>(ByWeightings(row), _sizes.NumberOfReadHeads * n).Clear();
        LinkageGradient.Step<V>(_history.Links(step, row), ByLinks(row), _sizes.Slots, n, write, precedence, _tape.Weightings(step, row),
            _sizes.NumberOfReadHeads, ByForward, ByBackward, LinkScratch, ByWeightings(row), byWrite, byPrecedence);
    }

    // Through the write and where it went: by the memory before, the allocation (lane 0) and, with de-allocation, the retention (lane 1).
    [MethodImpl(Jit.Optimized)]
    private void WriteBackward(int step, int row, float* memory, float* heads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* write = _tape.Write(step + 1, row), byWrite = ByWrite(row), byMemory = ByMemory(row);
        float* byAllocation = Lanes(0), byRetention = Lanes(1), byContent = Lanes(2), byNorms = Lanes(3);
        float* erase = heads + _sizes.Erase, vector = heads + _sizes.WriteVector, retained = memory;
        if (_sizes.Deallocates)
        {
            retained = Product + _sizes.MemoryLength;
            SlotRetention.Retain<V>(memory, _tape.Retention(step, row), width, n, retained);
        }
        MemoryMatrix.Multiply<V>(byMemory, retained, width, n, Product);
        MemoryMatrix.Dots<V>(byMemory, width, n, vector, byContent);
        Add(byContent, byWrite, n);
        MemoryMatrix.Dots<V>(Product, width, n, erase, byContent);
        Subtract(byContent, byWrite, n);
        MemoryMatrix.Read<V>(byMemory, width, n, write, vector);
        MemoryMatrix.Read<V>(Product, width, n, write, ByKey);
        MemoryMatrix.Erase<V>(byMemory, width, n, write, erase);
        for (int m = 0; m < width; m++)
            erase[m] = -ByKey[m] * erase[m] * (1 - erase[m]);
        if (_sizes.Deallocates)
            SlotRetention.RetainBackward<V>(memory, _tape.Retention(step, row), width, n, byMemory, byRetention);
        else
            new Span<float>(byRetention, n).Clear();

        float allocationGate = heads[_sizes.AllocationGate], writeGate = heads[_sizes.WriteGate];
        (float byAllocationGate, float byWriteGate) =
            Mixture.WriteBackward<V>(byWrite, _tape.Allocation(step, row), _tape.Content(step, row, writer),
            allocationGate, writeGate, n, byAllocation, byContent);
        heads[_sizes.AllocationGate] = byAllocationGate * allocationGate * (1 - allocationGate);
        heads[_sizes.WriteGate] = byWriteGate * writeGate * (1 - writeGate);
        new Span<float>(byNorms, n).Clear();
        AddressBackward(step, row, writer, memory, _tape.Norms(step, row), heads, byContent, byMemory, byNorms);
        if (!_sizes.Masked)
            MemoryMatrix.AddScaled<V>(memory, width, n, byNorms, byMemory);
    }

    // Through allocation, usage and retention: by the usage, the weightings and the write weighting before.
    [MethodImpl(Jit.Optimized)]
    private void AllocateBackward(int step, int row, float* heads)
    {
        int n = _sizes.N;
        float* byAllocation = Lanes(0), byRetention = Lanes(1), gates = heads + _sizes.FreeGates;
        Allocation.Backward(_tape.Usage(step + 1, row), _tape.Order(step, row), _sizes.Slots, byAllocation, Lanes(2), ByUsage(row));
        SlotUsage.NextBackward<V>(ByUsage(row), _tape.Usage(step, row), _tape.Write(step, row), _tape.Retention(step, row), n, ByWrite(row),
            byRetention);
        SlotUsage.RetentionBackward<V>(byRetention, _tape.Weightings(step, row), gates, _sizes.NumberOfReadHeads, n, ByWeightings(row),
            ByFreeGates);
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
            gates[head] = ByFreeGates[head] * gates[head] * (1 - gates[head]);
    }

    // Through a head's content weighting: to its key, strength and mask and to the memory; the part through unmasked norms goes to byNorms.
    [MethodImpl(Jit.Optimized)]
    private void AddressBackward(int step, int row, int head, float* memory, float* norms, float* heads, float* byContent, float* byMemory,
        float* byNorms)
    {
        int n = _sizes.N, width = _sizes.Width;
        float* key = heads + _sizes.Key(head), strength = heads + _sizes.Strength(head), scalars = _tape.Scalars(step, row, head);
        float* cosines = _tape.Cosines(step, row, head), byCosines = Lanes(4), byDots = Lanes(5), word = key;
        float byStrength = WeightingGradient.Content<V>(byContent, _tape.Content(step, row, head), cosines, *strength, n, byCosines);
        if (_sizes.Masked)
        {
            new Span<float>(byNorms, n).Clear();
            norms = _tape.MaskedNorms(step, row, head);
            MaskKey(key, heads + _sizes.Mask(head));
            word = MaskedKey;
        }
        float byKeyNorm = WeightingGradient.Cosines<V>(byCosines, cosines, norms, scalars[0], n, byDots, byNorms);
        MemoryMatrix.AddOuter<V>(byMemory, width, n, byDots, word);
        MemoryMatrix.Read<V>(memory, width, n, byDots, ByKey);
        float scale = scalars[0] > 0 ? byKeyNorm / scalars[0] : 0;
        if (_sizes.Masked)
        {
            MaskedNorms.NormsBackward<V>(memory, Squares, byNorms, width, n, byMemory, BySquares);
            StoreMaskedKeyGradient(key, heads + _sizes.Mask(head), scale);
        }
        else
        {
            for (int m = 0; m < width; m++)
                key[m] = ByKey[m] + scale * key[m];
        }
        *strength = byStrength * scalars[1];
    }

    // Key and mask count through the dot products and the key's norm, the mask through the slots' norms as well.
    [MethodImpl(Jit.Optimized)]
    private void StoreMaskedKeyGradient(float* key, float* mask, float scale)
    {
        for (int m = 0; m < _sizes.Width; m++)
        {
            float part = mask[m], word = key[m], byMask = part * (word * (2 * ByKey[m] + scale * word) + BySquares[m]);
            key[m] = Squares[m] * (ByKey[m] + scale * word);
            mask[m] = byMask * part * (1 - part);
        }
    }

    private float* Lanes(int index) => _scratch.Pointer + index * _sizes.N;

    private float* ByForward => Lanes(LaneBuffers);

    private float* ByBackward => ByForward + _sizes.NumberOfReadHeads * _sizes.N;

    private float* LinkScratch => ByBackward + _sizes.NumberOfReadHeads * _sizes.N;

    // Two memories.
    private float* Product => LinkScratch + (2 + 4 * _sizes.NumberOfReadHeads) * _sizes.N;

    private float* ByKey => Product + 2 * _sizes.MemoryLength;

    private float* Squares => ByKey + PaddedWidth;

    private float* MaskedKey => Squares + PaddedWidth;

    private float* BySquares => MaskedKey + PaddedWidth;

    private float* ByFreeGates => BySquares + PaddedWidth;

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
