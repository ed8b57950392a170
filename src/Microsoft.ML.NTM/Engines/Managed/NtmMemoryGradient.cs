using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The derivatives of an NTM's memory and heads. The memory of a step is replayed from the last one kept before it.</summary>
internal sealed unsafe partial class NtmMemory<V>
{
    public override void StartBackward()
    {
        _byMemory.Span(0, _rows * MemoryLength).Clear();
        _byWeightings.Span(0, _rows * WeightingsLength).Clear();
        _segments.AsSpan(0, _rows).Fill(-1);
    }

    [MethodImpl(Jit.Optimized)]
    public override void Backward(int step, int row, float* byReads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* memory = Replayed(step, row), byMemory = ByMemory(row), heads = Heads(step, row);
        new Span<float>(ByNorms, n).Clear();
        for (int head = IsSingleWriter ? 1 : 0; head < _sizes.NumberOfReadHeads; head++)
        {
            MemoryMatrix.Dots<V>(memory, width, n, byReads + head * width, Lanes(0));
            Add(Lanes(0), ByWeighting(row, head), n);
        }
        if (IsSingleWriter)
        {
            float* head = heads + _sizes.Head(writer);
            MemoryPasses.ByWeightings<V>(memory, byMemory, width, n, byReads, Erase(head), head + _sizes.Add, ByWeighting(row, 0),
                ByWeighting(row, writer));
        }
        else
            WriteBackward(step, row, memory, byMemory, heads);
        for (int head = 0; head < _sizes.Heads; head++)
            AddressBackward(step, row, head);
        MemoryBackward(step, row, memory, byMemory, byReads);
        for (int head = 0; head < _sizes.Heads; head++)
            StoreKeyGradient(heads + _sizes.Head(head), head, Scalars(step, row)[head * ScalarsPerHead]);
        for (int head = writer; head < _sizes.Heads; head++)
            StoreWriteGradient(head, heads + _sizes.Head(head));
    }

    // By the memory before the step, and by the keys: the first read head and the only write head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void MemoryBackward(int step, int row, float* memory, float* byMemory, float* byReads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* heads = Heads(step, row), weightings = Weightings(step + 1, row);
        if (IsSingleWriter)
        {
            float* head = heads + _sizes.Head(writer);
            var read = new MemoryPasses.ReadHead { Slots = weightings, Key = heads, ByWord = byReads, ByDots = Dots(0), ByKey = ByKey(0) };
            var write = new MemoryPasses.WriteHead
            {
                Slots = weightings + writer * n,
                Key = head,
                Erase = Erase(head),
                ByDots = Dots(writer),
                ByKey = ByKey(writer),
                ByErase = ByErase(writer),
                ByAdd = ByAdd(writer),
            };
            MemoryPasses.ByMemory<V>(memory, byMemory, width, n, read, write, ByNorms);
        }
        else
        {
            for (int head = writer; head < _sizes.Heads; head++)
                MemoryMatrix.Erase<V>(byMemory, width, n, weightings + head * n, Erase(heads + _sizes.Head(head)));
            MemoryMatrix.AddScaled<V>(memory, width, n, ByNorms, byMemory);
        }
        for (int head = 0; head < _sizes.Heads; head++)
        {
            if (IsSingleWriter && (head == 0 || head == writer))
                continue;
            if (head < _sizes.NumberOfReadHeads)
                MemoryMatrix.AddOuter<V>(byMemory, width, n, weightings + head * n, byReads + head * width);
            MemoryMatrix.AddOuter<V>(byMemory, width, n, Dots(head), heads + _sizes.Head(head));
            MemoryMatrix.Read<V>(memory, width, n, Dots(head), ByKey(head));
        }
    }

    public override void AddStartGradient(int row)
    {
        Add(ByMemory(row), _start.ByMemory, MemoryLength);
        Add(_byWeightings.Pointer + (nint)row * WeightingsLength, _start.ByWeightings, WeightingsLength);
    }

    // Through M' = M prod(1 - w e^T) + sum w a^T of several heads: by the write weightings, and by erase and add.
    [MethodImpl(Jit.Optimized)]
    private void WriteBackward(int step, int row, float* memory, float* byMemory, float* heads)
    {
        int n = _sizes.N, width = _sizes.Width;
        for (int h = _sizes.NumberOfReadHeads; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h), weighting = Weighting(step + 1, row, h), byWeighting = ByWeighting(row, h);
            // What this head erases from, times the derivative by what comes out: the old memory as far as the other heads leave it.
            MemoryMatrix.Multiply<V>(byMemory, memory, width, n, Product);
            for (int other = _sizes.NumberOfReadHeads; other < _sizes.Heads; other++)
            {
                if (other != h)
                    MemoryMatrix.Erase<V>(Product, width, n, Weighting(step + 1, row, other), Erase(heads + _sizes.Head(other)));
            }
            MemoryMatrix.Dots<V>(byMemory, width, n, head + _sizes.Add, Lanes(0));
            MemoryMatrix.Dots<V>(Product, width, n, Erase(head), Lanes(1));
            for (int i = 0; i < n; i += V.Count)
                V.Store(byWeighting + i, V.Load(byWeighting + i) + (V.Load(Lanes(0) + i) - V.Load(Lanes(1) + i)));
            MemoryMatrix.Read<V>(byMemory, width, n, weighting, ByAdd(h));
            MemoryMatrix.Read<V>(Product, width, n, weighting, ByErase(h));
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void StoreWriteGradient(int h, float* head)
    {
        if (_erases)
        {
            float* erase = head + _sizes.Erase;
            for (int m = 0; m < _sizes.Width; m++)
                erase[m] = -ByErase(h)[m] * erase[m] * (1 - erase[m]);
        }
        new ReadOnlySpan<float>(ByAdd(h), _sizes.Width).CopyTo(new Span<float>(head + _sizes.Add, _sizes.Width));
    }

    // Back through sharpening, shift, interpolation and content to the head's raw parameters, the weighting before and the dot products.
    private void AddressBackward(int step, int row, int h)
    {
        int n = _sizes.N, range = _sizes.Range;
        float* head = Heads(step, row) + _sizes.Head(h), scalars = Scalars(step, row) + h * ScalarsPerHead, mask = _mask.Pointer;
        float* byWeighting = ByWeighting(row, h), shifted = Lanes(0), byGated = Lanes(0), byContent = Lanes(1), byCosines = Lanes(2);
        float* content = Content(step, row, h), cosines = Cosines(step, row, h);

        Interpolate(step, row, h);
        Kernels.Weighting.Shift<V>(Circle, head + _sizes.Shift, range, mask, n, shifted);
        float bySharpening = WeightingGradient.Sharpen<V>(shifted, Weighting(step + 1, row, h), byWeighting, head[_sizes.Sharpening],
            _sizes.Epsilons, n, ByCircle + range);
        Kernels.Weighting.CloseCircle(ByCircle, _sizes.Slots, range);
        WeightingGradient.Shift<V>(Circle, ByCircle, head + _sizes.Shift, range, mask, n, byGated, ByShift);
        float byGate = WeightingGradient.Interpolate<V>(byGated, content, Weighting(step, row, h), head[_sizes.Gate], n, byContent,
            byWeighting);
        float byStrength = WeightingGradient.Content<V>(byContent, content, cosines, head[_sizes.Strength], n, byCosines);
        float byKeyNorm = WeightingGradient.Cosines<V>(byCosines, cosines, Norms(step, row), scalars[0], n, Dots(h), ByNorms);

        scalars[0] = scalars[0] > 0 ? byKeyNorm / scalars[0] : 0;
        head[_sizes.Strength] = byStrength * scalars[1];
        head[_sizes.Gate] = byGate * head[_sizes.Gate] * (1 - head[_sizes.Gate]);
        Words.SoftmaxBackward(head + _sizes.Shift, ByShift, _sizes.Shifts);
        new ReadOnlySpan<float>(ByShift, _sizes.Shifts).CopyTo(new Span<float>(head + _sizes.Shift, _sizes.Shifts));
        head[_sizes.Sharpening] = bySharpening * scalars[2];
    }

    // The key counts through its dot products and through its norm.
    [MethodImpl(Jit.Optimized)]
    private void StoreKeyGradient(float* key, int head, float byNormOverNorm)
    {
        for (int m = 0; m < _sizes.Width; m++)
        {
            float by = ByKey(head)[m] + byNormOverNorm * key[m];
            key[m] = _keyTanh ? by * (1 - key[m] * key[m]) : by;
        }
    }

    // The memory before a step.
    [MethodImpl(Jit.Optimized)]
    private float* Replayed(int step, int row)
    {
        int segment = step / _interval, first = segment * _interval;
        float* replayed = _replay.Pointer + (nint)row * _interval * MemoryLength;
        if (_segments[row] != segment)
        {
            _segments[row] = segment;
            new ReadOnlySpan<float>(Kept(segment, row), MemoryLength).CopyTo(new Span<float>(replayed, MemoryLength));
            for (int s = first; s < step; s++)
            {
                float* from = replayed + (s - first) * MemoryLength;
                Write(from, from + MemoryLength, Heads(s, row), Weightings(s + 1, row));
            }
        }
        return replayed + (step - first) * MemoryLength;
    }

    private float* ByNorms => Lanes(3);

    private float* Product => Dots(_sizes.Heads);

    private float* ByShift => Product + MemoryLength;

    private float* ByKey(int h) => ByShift + Padded(_sizes.Shifts) + h * Padded(_sizes.Width);

    private float* ByErase(int h) => ByKey(_sizes.Heads + 2 * (h - _sizes.NumberOfReadHeads));

    private float* ByAdd(int h) => ByErase(h) + Padded(_sizes.Width);

    private float* ByMemory(int row) => _byMemory.Pointer + (nint)row * MemoryLength;

    private float* ByWeighting(int row, int head) => _byWeightings.Pointer + (nint)row * WeightingsLength + head * _sizes.N;

    [MethodImpl(Jit.Optimized)]
    private static void Add(float* from, float* to, int length)
    {
        for (int i = 0; i < length; i += V.Count)
            V.StoreFirst(to + i, V.LoadFirst(to + i, length - i) + V.LoadFirst(from + i, length - i), length - i);
    }
}
