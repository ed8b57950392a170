using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>An NTM's memory and heads, forward (arXiv:1410.5401, section 3).</summary>
internal sealed unsafe partial class NtmMemory<V> : MemoryCell
    where V : struct, ISimd<V>
{
    private readonly NtmSizes _sizes;
    private readonly NtmStart _start;
    private readonly NtmTape _tape;
    private readonly NtmHistory<V> _history;
    private readonly NtmScratch _scratch;
    private readonly PinnedBuffer _memory = new(), _byMemory = new(), _byWeightings = new(), _mask;
    private float* _heads;
    private int _rows;
    private bool _training;

    public NtmMemory(NetworkSpec spec, NtmStart start)
    {
        _start = start;
        _sizes = new NtmSizes(spec);
        _tape = new NtmTape(_sizes);
        _history = new NtmHistory<V>(_sizes, _tape);
        _scratch = new NtmScratch(_sizes);
        _mask = new PinnedBuffer(_sizes.N);
        _mask.Span(0, _sizes.Slots).Fill(1);
    }

    public override void Reserve(int steps, int rows, float* heads, bool training)
    {
        _heads = heads;
        (_rows, _training) = (rows, training);
        _memory.Reserve((long)rows * _sizes.MemoryLength);
        _tape.Reserve(steps, rows);
        if (!training)
            return;
        _history.Reserve(steps, rows);
        _byMemory.Reserve((long)rows * _sizes.MemoryLength);
        _byWeightings.Reserve((long)rows * _sizes.WeightingsLength);
    }

    public override void Start(int row)
    {
        new ReadOnlySpan<float>(_start.Memory, _sizes.MemoryLength).CopyTo(new Span<float>(Memory(row), _sizes.MemoryLength));
        new ReadOnlySpan<float>(_start.Weightings, _tape.SlotLength).CopyTo(_tape.Slot(row));
    }

    public override void Carry(int steps) => _tape.Carry(steps);

    public override int StateLength => _sizes.MemoryLength + _tape.SlotLength;

    public override void Save(Span<float> state)
    {
        _memory.Span(0, _sizes.MemoryLength).CopyTo(state);
        _tape.Slot(0).CopyTo(state[_sizes.MemoryLength..]);
    }

    public override void Load(ReadOnlySpan<float> state)
    {
        state[.._sizes.MemoryLength].CopyTo(_memory.Span(0, _sizes.MemoryLength));
        state[_sizes.MemoryLength..].CopyTo(_tape.Slot(0));
    }

    public override void Forward(int step, int row, float* reads)
    {
        float* memory = Memory(row), heads = Heads(step, row);
        if (_training)
            _history.Keep(step, row, memory);
        Activate(step, row, heads);
        Compare(step, row, memory, heads);
        Address(step, row, heads);
        ReadAndWrite(step, row, memory, heads, reads);
    }

    // Raw parameters become key, strength, gate, shift distribution, sharpening, erase and add.
    [MethodImpl(Jit.Optimized)]
    private void Activate(int step, int row, float* heads)
    {
        ActivateScalars(step, row, heads);
        for (int h = 0; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h);
            if (_sizes.KeyTanh)
                Words.Tanh<V>(head, _sizes.Width);
            _tape.Scalars(step, row, h)[0] = Words.Norm<V>(head, _sizes.Width);
            Words.Softmax(head + _sizes.Shift, _sizes.Shifts);
            if (h >= _sizes.NumberOfReadHeads && _sizes.Erases)
                Words.Sigmoid<V>(head + _sizes.Erase, _sizes.Width);
        }
    }

    // Strengths, sharpenings and gates of all heads side by side: a vector of them costs as much as one.
    [MethodImpl(Jit.Optimized)]
    private void ActivateScalars(int step, int row, float* heads)
    {
        int count = _sizes.Heads;
        float* values = _scratch.HeadScalars, slopes = _scratch.HeadSlopes;
        for (int h = 0; h < count; h++)
        {
            float* head = heads + _sizes.Head(h);
            (values[h], values[count + h], values[2 * count + h]) = (head[_sizes.Strength], head[_sizes.Sharpening], head[_sizes.Gate]);
        }
        Words.Softplus<V>(values, slopes, 3 * count);
        for (int h = 0; h < count; h++)
        {
            float* head = heads + _sizes.Head(h), scalars = _tape.Scalars(step, row, h);
            (head[_sizes.Strength], head[_sizes.Sharpening], head[_sizes.Gate]) =
                (values[h], 1f + values[count + h], slopes[2 * count + h]);
            (scalars[1], scalars[2]) = (slopes[h], slopes[count + h]);
        }
    }

    // Every head's dot products with the slots, and the slots' norms: the first and the last head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void Compare(int step, int row, float* memory, float* heads)
    {
        int last = _sizes.Heads - 1;
        MemoryPasses.DotsAndNorms<V>(Slots(memory), heads, heads + _sizes.Head(last), _scratch.Dots(0), _scratch.Dots(last),
            _tape.Norms(step, row));
        for (int head = 1; head < last; head++)
            MemoryMatrix.Dots<V>(memory, _sizes.Width, _sizes.N, heads + _sizes.Head(head), _scratch.Dots(head));
    }

    // Content, interpolation, shift, sharpening.
    private void Address(int step, int row, float* heads)
    {
        int n = _sizes.N;
        for (int h = 0; h < _sizes.Heads; h++)
        {
            float* head = heads + _sizes.Head(h), cosines = _tape.Cosines(step, row, h), content = _tape.Content(step, row, h);
            Weighting.Cosines<V>(_scratch.Dots(h), _tape.Norms(step, row), _tape.Scalars(step, row, h)[0], n, cosines);
            Weighting.Content<V>(cosines, head[_sizes.Strength], _mask.Pointer, n, content);
            Interpolate(step, row, h, head);
            Weighting.Shift<V>(_scratch.Circle, ShiftOf(head), _mask.Pointer, n, _scratch.Shifted);
            Weighting.Sharpen<V>(_scratch.Shifted, head[_sizes.Sharpening], _sizes.Epsilons, _mask.Pointer, n,
                _tape.Weighting(step + 1, row, h));
        }
    }

    // Leaves the gated weighting in the circle, closed.
    private void Interpolate(int step, int row, int h, float* head)
    {
        Weighting.Interpolate<V>(_tape.Content(step, row, h), _tape.Weighting(step, row, h), head[_sizes.Gate], _sizes.N,
            _scratch.Circle + _sizes.Range);
        Weighting.CloseCircle(_scratch.Circle, _sizes.Slots, _sizes.Range);
    }

    // The first read head and the only write head share a pass.
    [MethodImpl(Jit.Optimized)]
    private void ReadAndWrite(int step, int row, float* memory, float* heads, float* reads)
    {
        int n = _sizes.N, width = _sizes.Width, writer = _sizes.NumberOfReadHeads;
        float* weightings = _tape.Weightings(step + 1, row);
        for (int head = _sizes.IsSingleWriter ? 1 : 0; head < writer; head++)
            MemoryMatrix.Read<V>(memory, width, n, weightings + head * n, reads + head * width);
        if (_sizes.IsSingleWriter)
        {
            float* head = heads + _sizes.Head(writer);
            MemoryPasses.ReadAndWrite<V>(Slots(memory), weightings, reads, weightings + writer * n, _history.Erase(head),
                head + _sizes.Add);
        }
        else
            _history.Write(step, row, memory, memory, heads);
    }

    private SlotMatrix Slots(float* memory) => new(memory, _sizes.Width, _sizes.N);

    private ShiftDistribution ShiftOf(float* head) => new(head + _sizes.Shift, _sizes.Range);

    private float* Memory(int row) => _memory.Pointer + (nint)row * _sizes.MemoryLength;

    private float* Heads(int step, int row) => _heads + ((nint)step * _rows + row) * _sizes.Parameters;
}
