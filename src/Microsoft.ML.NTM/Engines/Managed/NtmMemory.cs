using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// An NTM's memory and heads, forward (arXiv:1410.5401, section 3). Kept for the backward pass per step: content and final weightings,
/// cosines and norms; the memory itself only every few steps.
/// </summary>
internal sealed unsafe partial class NtmMemory<V> : MemoryCell
    where V : struct, ISimd<V>
{
    // Per head and step: the key's norm, and the slopes of strength and sharpening.
    private const int ScalarsPerHead = 3;

    // Scratch vectors of n.
    private const int LaneBuffers = 4;

    // Numbers of replayed memory that stay in the second-level cache.
    private const int ReplayLength = 96 * 1024;

    // Numbers of kept memory that one group may have before memory is kept less often.
    private const int KeptLength = 8 * 1024 * 1024;

    private readonly NtmSizes _sizes;
    private readonly NtmStart _start;
    private readonly bool _keyTanh, _erases;
    private readonly PinnedBuffer _memory = new(), _weightings = new(), _tape = new(), _scalars = new(), _kept = new(), _replay = new();
    private readonly PinnedBuffer _byMemory = new(), _byWeightings = new();
    private readonly PinnedBuffer _mask, _scratch, _ones;
    private float* _heads;
    private int _rows, _interval;
    private bool _training;
    private int[] _segments = [];

    public NtmMemory(NetworkSpec spec, NtmStart start)
    {
        _start = start;
        _sizes = new NtmSizes(spec);
        (_keyTanh, _erases) = (spec.KeyTanh, spec.WriteRule == MemoryWriteRule.EraseAdd);
        _mask = new PinnedBuffer(_sizes.N);
        _mask.Span(0, _sizes.Slots).Fill(1);
        _ones = new PinnedBuffer(_sizes.Width);
        _ones.Span(0, _sizes.Width).Fill(1);
        _scratch = new PinnedBuffer(2 * CircleLength + LaneBuffers * _sizes.N + MemoryLength + Padded(_sizes.Shifts)
            + (2 * _sizes.NumberOfWriteHeads + _sizes.Heads) * Padded(_sizes.Width) + _sizes.Heads * _sizes.N
                + 2 * Padded(3 * _sizes.Heads));
    }

    private bool IsSingleWriter => _sizes.NumberOfWriteHeads == 1;

    private int MemoryLength => _sizes.Width * _sizes.N;

    private int CircleLength => Padded(_sizes.N + 2 * _sizes.Range + 16);

    // Norms [n]; cosines and content per head [heads, 2, n].
    private int TapeLength => (2 * _sizes.Heads + 1) * _sizes.N;

    private int WeightingsLength => _sizes.Heads * _sizes.N;

    private float* Circle => _scratch.Pointer;

    private float* ByCircle => Circle + CircleLength;

    private float* Lanes(int index) => ByCircle + CircleLength + index * _sizes.N;

    private float* HeadScalars => _scratch.Pointer + _scratch.Length - 2 * Padded(3 * _sizes.Heads);

    // Forward the dot products of a head, backward the derivatives by them.
    private float* Dots(int head) => Lanes(LaneBuffers + head);

    [MethodImpl(Jit.Optimized)]
    public override void Reserve(int steps, int rows, float* heads, bool training)
    {
        _heads = heads;
        (_rows, _training) = (rows, training);
        // Few enough steps to replay in the cache; for long sequences so many that neither those kept nor those replayed are too large.
        int fitting = ReplayLength / (rows * MemoryLength), root = (int)Math.Sqrt(steps);
        bool large = (long)steps * rows * MemoryLength > KeptLength * (long)Math.Max(fitting, 1);
        _interval = Math.Clamp(large ? Math.Max(fitting, root) : fitting, 1, steps);
        _memory.Reserve((long)rows * MemoryLength);
        _weightings.Reserve((long)(steps + 1) * rows * WeightingsLength);
        _tape.Reserve((long)steps * rows * TapeLength);
        _scalars.Reserve((long)steps * rows * _sizes.Heads * ScalarsPerHead);
        if (!training)
            return;
        _kept.Reserve((long)((steps + _interval - 1) / _interval) * rows * MemoryLength);
        _replay.Reserve((long)rows * _interval * MemoryLength);
        _byMemory.Reserve((long)rows * MemoryLength);
        _byWeightings.Reserve((long)rows * WeightingsLength);
        if (_segments.Length < rows)
            _segments = new int[rows];
    }

    public override void Start(int row)
    {
        new ReadOnlySpan<float>(_start.Memory, MemoryLength).CopyTo(new Span<float>(Memory(row), MemoryLength));
        new ReadOnlySpan<float>(_start.Weightings, WeightingsLength).CopyTo(new Span<float>(Weightings(0, row), WeightingsLength));
    }

    public override void Carry(int steps) => _weightings.Span((long)steps * _rows * WeightingsLength, _rows * WeightingsLength)
        .CopyTo(_weightings.Span(0, _rows * WeightingsLength));

    public override int StateLength => MemoryLength + WeightingsLength;

    public override void Save(Span<float> state)
    {
        _memory.Span(0, MemoryLength).CopyTo(state);
        _weightings.Span(0, WeightingsLength).CopyTo(state[MemoryLength..]);
    }

    public override void Load(ReadOnlySpan<float> state)
    {
        state[..MemoryLength].CopyTo(_memory.Span(0, MemoryLength));
        state[MemoryLength..].CopyTo(_weightings.Span(0, WeightingsLength));
    }

    [MethodImpl(Jit.Optimized)]
    public override void Forward(int step, int row, float* reads)
    {
        float* memory = Memory(row), heads = Heads(step, row), norms = Norms(step, row);
        if (_training && step % _interval == 0)
            new ReadOnlySpan<float>(memory, MemoryLength).CopyTo(new Span<float>(Kept(step / _interval, row), MemoryLength));
        Activate(heads, Scalars(step, row));
        Compare(memory, heads, norms);
        for (int head = 0; head < _sizes.Heads; head++)
            Address(step, row, head, norms);
        ReadAndWrite(memory, heads, Weightings(step + 1, row), reads);
    }

    // Every head's dot products with the slots , and the slots' norms.
    [MethodImpl(Jit.Optimized)]
    private void Compare(float* memory, float* heads, float* norms)
    {
        int n = _sizes.N, width = _sizes.Width, last = _sizes.Heads - 1;
        MemoryPasses.DotsAndNorms<V>(memory, width, n, heads, heads + _sizes.Head(last), Dots(0), Dots(last), norms);
        for (int head = 1; head < last; head++)
            MemoryMatrix.Dots<V>(memory, width, n, heads + _sizes.Head(head), Dots(head));
    }

    // The first read head and the only write head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void ReadAndWrite(float* memory, float* heads, float* weightings, float* reads)
    {
        int n = _sizes.N, width = _sizes.Width;
        for (int head = IsSingleWriter ? 1 : 0; head < _sizes.NumberOfReadHeads; head++)
            MemoryMatrix.Read<V>(memory, width, n, weightings + head * n, reads + head * width);
        if (IsSingleWriter)
        {
            float* writer = heads + _sizes.Head(_sizes.NumberOfReadHeads);
            MemoryPasses.ReadAndWrite<V>(memory, width, n, weightings, reads, weightings + _sizes.NumberOfReadHeads * n, Erase(writer),
                writer + _sizes.Add);
        }
        else
            Write(memory, memory, heads, weightings);
    }

    // Raw parameters become key, strength, gate, shift distribution, sharpening, erase and add.
    [MethodImpl(Jit.Optimized)]
    private void Activate(float* heads, float* scalars)
    {
        ActivateScalars(heads, scalars);
        for (int h = 0; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h);
            if (_keyTanh)
                Words.Tanh<V>(head, _sizes.Width);
            scalars[h * ScalarsPerHead] = Words.Norm<V>(head, _sizes.Width);
            Words.Softmax(head + _sizes.Shift, _sizes.Shifts);
            if (h >= _sizes.NumberOfReadHeads && _erases)
                Words.Sigmoid<V>(head + _sizes.Erase, _sizes.Width);
        }
    }

    // Strengths, sharpenings and gates of all heads side by side: a vector of them costs as much as one.
    [MethodImpl(Jit.Optimized)]
    private void ActivateScalars(float* heads, float* scalars)
    {
        int count = _sizes.Heads;
        float* values = HeadScalars, slopes = HeadScalars + Padded(3 * count);
        for (int h = 0; h < count; h++)
        {
            float* head = heads + _sizes.Head(h);
            (values[h], values[count + h], values[2 * count + h]) = (head[_sizes.Strength], head[_sizes.Sharpening], head[_sizes.Gate]);
        }
        Words.Softplus<V>(values, slopes, 3 * count);
        for (int h = 0; h < count; h++)
        {
            float* head = heads + _sizes.Head(h);
            (head[_sizes.Strength], head[_sizes.Sharpening], head[_sizes.Gate]) =
                (values[h], 1f + values[count + h], slopes[2 * count + h]);
            (scalars[h * ScalarsPerHead + 1], scalars[h * ScalarsPerHead + 2]) = (slopes[h], slopes[count + h]);
        }
    }

    // Content, interpolation, shift, sharpening.
    private void Address(int step, int row, int h, float* norms)
    {
        int n = _sizes.N;
        float* head = Heads(step, row) + _sizes.Head(h), mask = _mask.Pointer;
        float* cosines = Cosines(step, row, h), content = Content(step, row, h), shifted = Lanes(0);
        Kernels.Weighting.Cosines<V>(Dots(h), norms, Scalars(step, row)[h * ScalarsPerHead], n, cosines);
        Kernels.Weighting.Content<V>(cosines, head[_sizes.Strength], mask, n, content);
        Interpolate(step, row, h);
        Kernels.Weighting.Shift<V>(Circle, head + _sizes.Shift, _sizes.Range, mask, n, shifted);
        Kernels.Weighting.Sharpen<V>(shifted, head[_sizes.Sharpening], _sizes.Epsilons, mask, n, Weighting(step + 1, row, h));
    }

    // Leaves the gated weighting in the circle, closed.
    private void Interpolate(int step, int row, int h)
    {
        float gate = Heads(step, row)[_sizes.Head(h) + _sizes.Gate];
        Kernels.Weighting.Interpolate<V>(Content(step, row, h), Weighting(step, row, h), gate, _sizes.N, Circle + _sizes.Range);
        Kernels.Weighting.CloseCircle(Circle, _sizes.Slots, _sizes.Range);
    }

    // All heads erase before any adds (Eq. 3 and 4).
    [MethodImpl(Jit.Optimized)]
    private void Write(float* from, float* to, float* heads, float* weightings)
    {
        int n = _sizes.N, width = _sizes.Width;
        if (_sizes.NumberOfWriteHeads == 1)
        {
            float* head = heads + _sizes.Head(_sizes.NumberOfReadHeads);
            MemoryMatrix.EraseAdd<V>(from, to, width, n, weightings + _sizes.NumberOfReadHeads * n, Erase(head), head + _sizes.Add);
            return;
        }
        if (from != to)
            new ReadOnlySpan<float>(from, MemoryLength).CopyTo(new Span<float>(to, MemoryLength));
        for (int h = _sizes.NumberOfReadHeads; h < _sizes.Heads; h++)
            MemoryMatrix.Erase<V>(to, width, n, weightings + h * n, Erase(heads + _sizes.Head(h)));
        for (int h = _sizes.NumberOfReadHeads; h < _sizes.Heads; h++)
            MemoryMatrix.AddOuter<V>(to, width, n, weightings + h * n, heads + _sizes.Head(h) + _sizes.Add);
    }

    private float* Erase(float* head) => _erases ? head + _sizes.Erase : _ones.Pointer;

    private float* Memory(int row) => _memory.Pointer + (nint)row * MemoryLength;

    private float* Kept(int segment, int row) => _kept.Pointer + ((nint)segment * _rows + row) * MemoryLength;

    private float* Heads(int step, int row) => _heads + ((nint)step * _rows + row) * _sizes.Parameters;

    private float* Scalars(int step, int row) => _scalars.Pointer + ((nint)step * _rows + row) * _sizes.Heads * ScalarsPerHead;

    private float* Weightings(int slot, int row) => _weightings.Pointer + ((nint)slot * _rows + row) * WeightingsLength;

    private float* Weighting(int slot, int row, int head) => Weightings(slot, row) + head * _sizes.N;

    private float* Tape(int step, int row) => _tape.Pointer + ((nint)step * _rows + row) * TapeLength;

    private float* Norms(int step, int row) => Tape(step, row);

    private float* Cosines(int step, int row, int head) => Tape(step, row) + (1 + 2 * head) * _sizes.N;

    private float* Content(int step, int row, int head) => Cosines(step, row, head) + _sizes.N;

    private static int Padded(int length) => NtmSizes.Padded(length);
}
