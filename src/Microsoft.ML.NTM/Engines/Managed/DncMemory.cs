using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>A DNC's memory, usage and links, forward (Nature 538:471, Methods; improvements of arXiv:1904.10278).</summary>
internal sealed unsafe partial class DncMemory<V> : MemoryCell
    where V : struct, ISimd<V>
{
    private const float ConstantMemory = 1e-6f;

    private readonly DncSizes _sizes;
    private readonly DncTape _tape;
    private readonly DncHistory<V> _history;
    private readonly PinnedBuffer _memory = new(), _links = new(), _byMemory = new(), _byLinks = new(), _bySlots = new();
    private readonly PinnedBuffer _mask;
    private readonly DncScratch _scratch;
    private readonly ulong[] _keys;
    private int[] _orders = [];
    private float* _heads;
    private int _rows;
    private bool _training;

    public DncMemory(NetworkSpec spec)
    {
        _sizes = new DncSizes(spec);
        _tape = new DncTape(_sizes);
        _history = new DncHistory<V>(_sizes, _tape);
        _keys = new ulong[_sizes.Slots];
        _mask = new PinnedBuffer(_sizes.N);
        _mask.Span(0, _sizes.Slots).Fill(1);
        _scratch = new DncScratch(_sizes);
    }

    public override void Plan(int steps, int rows, bool training)
    {
        _history.Plan(steps, rows);
        Reserve(steps, rows, null, training);
    }

    public override void Reserve(int steps, int rows, float* heads, bool training)
    {
        _heads = heads;
        (_rows, _training) = (rows, training);
        _memory.Reserve((long)rows * _sizes.MemoryLength);
        _links.Reserve((long)rows * _sizes.LinksLength);
        _tape.Reserve(steps, rows);
        ReserveOrders(rows);
        if (!training)
            return;
        _history.Reserve(steps, rows);
        _byMemory.Reserve((long)rows * _sizes.MemoryLength);
        _byLinks.Reserve((long)rows * _sizes.LinksLength);
        _bySlots.Reserve((long)rows * BySlotLength);
    }

    // Whatever order a row's slots were left in, or stand in at first, is one to sort them from.
    private void ReserveOrders(int rows)
    {
        if (_orders.Length >= rows * _sizes.Slots)
            return;
        _orders = new int[rows * _sizes.Slots];
        for (int i = 0; i < _orders.Length; i++)
            _orders[i] = i % _sizes.Slots;
    }

    // Nothing is learned: memory 1e-6, the rest 0.
    [MethodImpl(Jit.Optimized)]
    public override void Start(int row)
    {
        float* memory = Memory(row);
        for (int m = 0; m < _sizes.Width; m++)
        {
            new Span<float>(memory + m * _sizes.N, _sizes.Slots).Fill(ConstantMemory);
            new Span<float>(memory + m * _sizes.N + _sizes.Slots, _sizes.N - _sizes.Slots).Clear();
        }
        new Span<float>(Links(row), _sizes.LinksLength).Clear();
        new Span<float>(_tape.Weightings(0, row), _tape.SlotLength).Clear();
        MemoryMatrix.Norms<V>(memory, _sizes.Width, _sizes.N, _tape.Norms(0, row));
    }

    public override void Carry(int steps) => _tape.Carry(steps);

    public override int StateLength => _sizes.MemoryLength + _sizes.LinksLength + _tape.SlotLength;

    public override void Save(Span<float> state)
    {
        _memory.Span(0, _sizes.MemoryLength).CopyTo(state);
        _links.Span(0, _sizes.LinksLength).CopyTo(state[_sizes.MemoryLength..]);
        _tape.Slot(0).CopyTo(state[(_sizes.MemoryLength + _sizes.LinksLength)..]);
    }

    public override void Load(ReadOnlySpan<float> state)
    {
        state[.._sizes.MemoryLength].CopyTo(_memory.Span(0, _sizes.MemoryLength));
        state.Slice(_sizes.MemoryLength, _sizes.LinksLength).CopyTo(_links.Span(0, _sizes.LinksLength));
        state[(_sizes.MemoryLength + _sizes.LinksLength)..].CopyTo(_tape.Slot(0));
    }

    public override void Forward(int step, int row, float* reads)
    {
        float* memory = Memory(row), links = Links(row), heads = Heads(step, row);
        if (_training)
            _history.Keep(step, row, memory, links);
        Activate(step, row, heads);
        Allocate(step, row, heads);
        Write(step, row, memory, heads);
        Link(step, row, links, heads);
        Read(step, row, memory, heads, reads);
    }

    // Raw parameters become what the equations call them.
    [MethodImpl(Jit.Optimized)]
    private void Activate(int step, int row, float* heads)
    {
        for (int head = 0; head <= _sizes.NumberOfReadHeads; head++)
            OnePlus(heads + _sizes.Strength(head), _tape.Scalars(step, row, head) + 1, 1);
        Words.Sigmoid<V>(heads + _sizes.Erase, _sizes.Width);
        Words.Sigmoid<V>(heads + _sizes.FreeGates, _sizes.NumberOfReadHeads + 2);
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
            Words.Softmax(heads + _sizes.Modes(head), 3);
        if (_sizes.Masked)
            Words.Sigmoid<V>(heads + _sizes.Mask(0), (_sizes.NumberOfReadHeads + 1) * _sizes.Width);
        for (int head = 0; head < _sizes.NumberOfReadHeads && _sizes.Sharpens; head++)
        {
            OnePlus(heads + _sizes.Sharpening(head), _tape.SharpeningSlopes(step, row, head), 2);
        }
    }

    // Retention, usage and the allocation weighting.
    private void Allocate(int step, int row, float* heads)
    {
        int n = _sizes.N;
        float* retention = _tape.Retention(step, row), usage = _tape.Usage(step + 1, row), allocation = _tape.Allocation(step, row);
        SlotUsage.Retention<V>(_tape.Weightings(step, row), heads + _sizes.FreeGates, _sizes.NumberOfReadHeads, n, retention);
        SlotUsage.Next<V>(_tape.Usage(step, row), _tape.Write(step, row), retention, n, usage);
        Span<int> order = _orders.AsSpan(row * _sizes.Slots, _sizes.Slots);
        Allocation.Order(usage, order, _keys);
        order.CopyTo(new Span<int>(_tape.Order(step, row), _sizes.Slots));
        new Span<float>(allocation + _sizes.Slots, n - _sizes.Slots).Clear();
        Allocation.Weighting(usage, _tape.Order(step, row), _sizes.Slots, allocation);
    }

    // Where to write, and the write.
    private void Write(int step, int row, float* memory, float* heads)
    {
        int n = _sizes.N, writer = _sizes.NumberOfReadHeads;
        float* write = _tape.Write(step + 1, row);
        Address(step, row, writer, memory, _tape.Norms(step, row), heads);
        Mixture.Write<V>(_tape.Allocation(step, row), _tape.Content(step, row, writer), Gates(heads), n, write);
        _history.Write(step, row, memory, memory, heads);
        MemoryMatrix.Norms<V>(memory, _sizes.Width, n, _tape.Norms(step + 1, row));
    }

    // Links and precedence, and where the links lead.
    [MethodImpl(Jit.Optimized)]
    private void Link(int step, int row, float* links, float* heads)
    {
        int n = _sizes.N;
        float* forward = _tape.Forward(step, row), backward = _tape.Backward(step, row);
        LinkWrite written = new()
        {
            Links = links,
            Slots = _sizes.Slots,
            N = n,
            Write = _tape.Write(step + 1, row),
            Precedence = _tape.Precedence(step, row),
        };
        var reads = new LinkReads
        {
            Heads = _sizes.NumberOfReadHeads,
            Weightings = _tape.Weightings(step, row),
            Forward = forward,
            Backward = backward,
        };
        Linkage.Step<V>(written, reads, _scratch.Links);
        Linkage.Precedence<V>(written.Precedence, written.Write, n, _tape.Precedence(step + 1, row));
        for (int head = 0; head < _sizes.NumberOfReadHeads && _sizes.Sharpens; head++)
        {
            float* exponents = heads + _sizes.Sharpening(head);
            Weighting.Sharpen<V>(backward + head * n, exponents[0], _sizes.Epsilons, _mask.Pointer, n,
                _tape.SharpBackward(step, row) + head * n);
            Weighting.Sharpen<V>(forward + head * n, exponents[1], _sizes.Epsilons, _mask.Pointer, n,
                _tape.SharpForward(step, row) + head * n);
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void Read(int step, int row, float* memory, float* heads, float* reads)
    {
        int n = _sizes.N, width = _sizes.Width;
        float* weightings = _tape.Weightings(step + 1, row);
        var slots = new SlotMatrix(memory, width, n);
        for (int head = 0; head < Grouped; head += HeadGroup.Heads)
            HeadPasses.Dots<V>(slots, new(heads + _sizes.Key(head), width), new(_tape.Cosines(step, row, head), 2 * n));
        for (int head = 0; head < _sizes.NumberOfReadHeads; head++)
        {
            Address(step, row, head, memory, _tape.Norms(step + 1, row), heads);
            Mixture.Read<V>(Sources(step, row, head), heads + _sizes.Modes(head), n, weightings + head * n);
        }
        for (int head = 0; head < Grouped; head += HeadGroup.Heads)
            HeadPasses.Read<V>(slots, new(weightings + head * n, n), new(reads + head * width, width));
        for (int head = Grouped; head < _sizes.NumberOfReadHeads; head++)
            MemoryMatrix.Read<V>(memory, width, n, weightings + head * n, reads + head * width);
    }

    // Read heads that pass over the memory four at a time; with masks each sees a memory of its own.
    private int Grouped => _sizes.Masked ? 0 : _sizes.NumberOfReadHeads / HeadGroup.Heads * HeadGroup.Heads;

    // A head's content weighting, through its mask where there are masks. Heads that are grouped have their dot products already.
    private void Address(int step, int row, int head, float* memory, float* norms, float* heads)
    {
        int n = _sizes.N;
        float* key = heads + _sizes.Key(head), scalars = _tape.Scalars(step, row, head), cosines = _tape.Cosines(step, row, head);
        if (_sizes.Masked)
        {
            MaskKey(key, heads + _sizes.Mask(head));
            scalars[0] = MaskedNorm(key);
            norms = _tape.MaskedNorms(step, row, head);
            MaskedNorms.Norms<V>(memory, _scratch.Squares, _sizes.Width, n, norms);
            key = _scratch.MaskedKey;
        }
        else
            scalars[0] = Words.Norm<V>(key, _sizes.Width);
        if (head >= Grouped)
            MemoryMatrix.Dots<V>(memory, _sizes.Width, n, key, cosines);
        Weighting.Cosines<V>(cosines, norms, scalars[0], n, cosines);
        Weighting.Content<V>(cosines, heads[_sizes.Strength(head)], _mask.Pointer, n, _tape.Content(step, row, head));
    }

    // m^2 and k m^2
    [MethodImpl(Jit.Optimized)]
    private void MaskKey(float* key, float* mask)
    {
        for (int m = 0; m < _sizes.Width; m++)
        {
            _scratch.Squares[m] = mask[m] * mask[m];
            _scratch.MaskedKey[m] = key[m] * _scratch.Squares[m];
        }
    }

    // |k m|
    [MethodImpl(Jit.Optimized)]
    private float MaskedNorm(float* key)
    {
        float sum = 0;
        for (int m = 0; m < _sizes.Width; m++)
            sum += key[m] * _scratch.MaskedKey[m];
        return MathF.Sqrt(sum);
    }

    // 1 + softplus, and its slopes
    [MethodImpl(Jit.Optimized)]
    private static void OnePlus(float* values, float* slopes, int count)
    {
        Words.Softplus<V>(values, slopes, count);
        for (int i = 0; i < count; i++)
            values[i] += 1;
    }

    // What a head's weighting is mixed of.
    private ReadSources Sources(int step, int row, int head) => new(_tape.SharpBackward(step, row) + head * _sizes.N,
        _tape.Content(step, row, head), _tape.SharpForward(step, row) + head * _sizes.N);

    private WriteGates Gates(float* heads) => new(heads[_sizes.AllocationGate], heads[_sizes.WriteGate]);

    private float* Memory(int row) => _memory.Pointer + (nint)row * _sizes.MemoryLength;

    private float* Links(int row) => _links.Pointer + (nint)row * _sizes.LinksLength;

    private float* Heads(int step, int row) => _heads + ((nint)step * _rows + row) * _sizes.Parameters;
}
