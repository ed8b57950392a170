using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The derivatives of an NTM's memory and heads. The memory of a step is replayed from the last one kept before it.</summary>
internal sealed unsafe partial class NtmMemory<V>
{
    public override void StartBackward()
    {
        _byMemory.Span(0, _rows * _sizes.MemoryLength).Clear();
        _byWeightings.Span(0, _rows * _sizes.WeightingsLength).Clear();
        _history.Restart();
    }

    public override void Backward(int step, int row, float* byReads)
    {
        float* heads = Heads(step, row);
        _history.Replay(step, row, heads, _rows * _sizes.Parameters);
        float* memory = _history.Before(step, row);
        WeightingsBackward(step, row, memory, heads, byReads);
        AddressBackward(step, row, heads);
        MemoryBackward(step, row, memory, heads, byReads);
        StoreGradients(step, row, heads);
    }

    public override void AddStartGradient(int row)
    {
        Add(ByMemory(row), _start.ByMemory, _sizes.MemoryLength);
        Add(ByWeighting(row, 0), _start.ByWeightings, _sizes.WeightingsLength);
    }

    // Through reading and writing, to the weightings: the first read head and the only write head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void WeightingsBackward(int step, int row, float* memory, float* heads, float* byReads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        for (int head = _sizes.IsSingleWriter ? 1 : 0; head < writer; head++)
        {
            MemoryMatrix.Dots<V>(memory, width, n, byReads + head * width, _scratch.ByContent);
            Add(_scratch.ByContent, ByWeighting(row, head), n);
        }
        if (_sizes.IsSingleWriter)
        {
            float* head = heads + _sizes.Head(writer);
            MemoryPasses.ByWeightings<V>(Slots(memory), ByMemory(row), byReads, _history.Erase(head), head + _sizes.Add,
                ByWeighting(row, 0), ByWeighting(row, writer));
        }
        else
            WriteBackward(step, row, memory, heads);
    }

    // Through M' = M prod(1 - w e^T) + sum w a^T of several heads: by the write weightings, and by erase and add.
    [MethodImpl(Jit.Optimized)]
    private void WriteBackward(int step, int row, float* memory, float* heads)
    {
        int n = _sizes.N, width = _sizes.Width;
        float* byMemory = ByMemory(row), product = _scratch.Product, gained = _scratch.ByContent, lost = _scratch.ByCosines;
        for (int h = _sizes.NumberOfReadHeads; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h), weighting = _tape.Weighting(step + 1, row, h), byWeighting = ByWeighting(row, h);
            // What this head erases from, times the derivative by what comes out: the old memory as far as the other heads leave it.
            MemoryMatrix.Multiply<V>(byMemory, memory, width, n, product);
            for (int other = _sizes.NumberOfReadHeads; other < _sizes.Heads; other++)
            {
                if (other != h)
                {
                    MemoryMatrix.Erase<V>(product, width, n, _tape.Weighting(step + 1, row, other),
                        _history.Erase(heads + _sizes.Head(other)));
                }
            }
            MemoryMatrix.Dots<V>(byMemory, width, n, head + _sizes.Add, gained);
            MemoryMatrix.Dots<V>(product, width, n, _history.Erase(head), lost);
            for (int i = 0; i < n; i += V.Count)
                V.Store(byWeighting + i, V.Load(byWeighting + i) + (V.Load(gained + i) - V.Load(lost + i)));
            MemoryMatrix.Read<V>(byMemory, width, n, weighting, _scratch.ByAdd(h));
            MemoryMatrix.Read<V>(product, width, n, weighting, _scratch.ByErase(h));
        }
    }

    // Back through sharpening, shift, interpolation and content to the heads' raw parameters, the weightings before and the dot products.
    private void AddressBackward(int step, int row, float* heads)
    {
        int n = _sizes.N;
        new Span<float>(_scratch.ByNorms, n).Clear();
        for (int h = 0; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h), scalars = _tape.Scalars(step, row, h), byWeighting = ByWeighting(row, h);
            float* content = _tape.Content(step, row, h), cosines = _tape.Cosines(step, row, h);
            float bySharpening = ShiftBackward(step, row, h, head, byWeighting);
            float byGate = WeightingGradient.Interpolate<V>(_scratch.Shifted, content, _tape.Weighting(step, row, h), head[_sizes.Gate], n,
                _scratch.ByContent, byWeighting);
            float byStrength =
                WeightingGradient.Content<V>(_scratch.ByContent, content, cosines, head[_sizes.Strength], n, _scratch.ByCosines);
            float byKeyNorm = WeightingGradient.Cosines<V>(_scratch.ByCosines, cosines, _tape.Norms(step, row), scalars[0], n,
                _scratch.Dots(h), _scratch.ByNorms);

            scalars[0] = scalars[0] > 0 ? byKeyNorm / scalars[0] : 0;
            head[_sizes.Strength] = byStrength * scalars[1];
            head[_sizes.Gate] = byGate * head[_sizes.Gate] * (1 - head[_sizes.Gate]);
            head[_sizes.Sharpening] = bySharpening * scalars[2];
        }
    }

    // Through sharpening and shift, both worked out again: leaves the derivative by the gated weighting and stores that by the shift.
    private float ShiftBackward(int step, int row, int h, float* head, float* byWeighting)
    {
        int n = _sizes.N;
        float* circle = _scratch.Circle, byCircle = _scratch.ByCircle, shifted = _scratch.Shifted, byShift = _scratch.ByShift;
        Interpolate(step, row, h, head);
        Weighting.Shift<V>(circle, ShiftOf(head), _mask.Pointer, n, shifted);
        float bySharpening = WeightingGradient.Sharpen<V>(shifted, _tape.Weighting(step + 1, row, h), byWeighting,
            head[_sizes.Sharpening], _sizes.Epsilons, n, byCircle + _sizes.Range);
        Weighting.CloseCircle(byCircle, _sizes.Slots, _sizes.Range);
        WeightingGradient.Shift<V>(circle, byCircle, ShiftOf(head), _mask.Pointer, n, shifted, byShift);
        Words.SoftmaxBackward(head + _sizes.Shift, byShift, _sizes.Shifts);
        new ReadOnlySpan<float>(byShift, _sizes.Shifts).CopyTo(new Span<float>(head + _sizes.Shift, _sizes.Shifts));
        return bySharpening;
    }

    // By the memory before the step, and by the keys: the first read head and the only write head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void MemoryBackward(int step, int row, float* memory, float* heads, float* byReads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* byMemory = ByMemory(row), weightings = _tape.Weightings(step + 1, row);
        if (_sizes.IsSingleWriter)
            SharedBackward(memory, byMemory, heads, weightings, byReads);
        else
        {
            for (int head = writer; head < _sizes.Heads; head++)
                MemoryMatrix.Erase<V>(byMemory, width, n, weightings + head * n, _history.Erase(heads + _sizes.Head(head)));
            MemoryMatrix.AddScaled<V>(memory, width, n, _scratch.ByNorms, byMemory);
        }
        for (int head = 0; head < _sizes.Heads; head++)
        {
            if (_sizes.IsSingleWriter && (head == 0 || head == writer))
                continue;
            if (head < writer)
                MemoryMatrix.AddOuter<V>(byMemory, width, n, weightings + head * n, byReads + head * width);
            MemoryMatrix.AddOuter<V>(byMemory, width, n, _scratch.Dots(head), heads + _sizes.Head(head));
            MemoryMatrix.Read<V>(memory, width, n, _scratch.Dots(head), _scratch.ByKey(head));
        }
    }

    private void SharedBackward(float* memory, float* byMemory, float* heads, float* weightings, float* byReads)
    {
        int writer = _sizes.NumberOfReadHeads;
        float* head = heads + _sizes.Head(writer);
        var read = new MemoryPasses.ReadHead
        {
            Slots = weightings,
            Key = heads,
            ByWord = byReads,
            ByDots = _scratch.Dots(0),
            ByKey = _scratch.ByKey(0),
        };
        var write = new MemoryPasses.WriteHead
        {
            Slots = weightings + writer * _sizes.N,
            Key = head,
            Erase = _history.Erase(head),
            ByDots = _scratch.Dots(writer),
            ByKey = _scratch.ByKey(writer),
            ByErase = _scratch.ByErase(writer),
            ByAdd = _scratch.ByAdd(writer),
        };
        MemoryPasses.ByMemory<V>(Slots(memory), byMemory, read, write, _scratch.ByNorms);
    }

    [MethodImpl(Jit.Optimized)]
    private void StoreGradients(int step, int row, float* heads)
    {
        for (int h = 0; h < _sizes.Heads; h++)
            StoreKeyGradient(h, heads + _sizes.Head(h), _tape.Scalars(step, row, h)[0]);
        for (int h = _sizes.NumberOfReadHeads; h < _sizes.Heads; h++)
            StoreWriteGradient(h, heads + _sizes.Head(h));
    }

    // The key counts through its dot products and through its norm.
    [MethodImpl(Jit.Optimized)]
    private void StoreKeyGradient(int head, float* key, float byNormOverNorm)
    {
        float* byKey = _scratch.ByKey(head);
        for (int m = 0; m < _sizes.Width; m++)
        {
            float by = byKey[m] + byNormOverNorm * key[m];
            key[m] = _sizes.KeyTanh ? by * (1 - key[m] * key[m]) : by;
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void StoreWriteGradient(int h, float* head)
    {
        float* byErase = _scratch.ByErase(h), erase = head + _sizes.Erase;
        for (int m = 0; m < _sizes.Width && _sizes.Erases; m++)
            erase[m] = -byErase[m] * erase[m] * (1 - erase[m]);
        new ReadOnlySpan<float>(_scratch.ByAdd(h), _sizes.Width).CopyTo(new Span<float>(head + _sizes.Add, _sizes.Width));
    }

    private float* ByMemory(int row) => _byMemory.Pointer + (nint)row * _sizes.MemoryLength;

    private float* ByWeighting(int row, int head) => _byWeightings.Pointer + (nint)row * _sizes.WeightingsLength + head * _sizes.N;

    [MethodImpl(Jit.Optimized)]
    private static void Add(float* from, float* to, int length)
    {
        for (int i = 0; i < length; i += V.Count)
            V.StoreFirst(to + i, V.LoadFirst(to + i, length - i) + V.LoadFirst(from + i, length - i), length - i);
    }
}
