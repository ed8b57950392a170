using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// The memory of steps gone by: it is kept every few steps, and the backward pass replays the writes between from the weightings on the
/// tape.
/// </summary>
internal sealed unsafe class NtmHistory<V>
    where V : struct, ISimd<V>
{
    // Numbers of replayed memory that stay in the second-level cache.
    private const int ReplayLength = 96 * 1024;

    // Numbers of kept memory that one group may have before memory is kept less often.
    private const int KeptLength = 8 * 1024 * 1024;

    private readonly NtmSizes _sizes;
    private readonly NtmTape _tape;
    private readonly StepBuffer _kept;
    private readonly PinnedBuffer _replayed = new(), _ones;
    private int _rows, _interval;
    private int[] _segments = [];

    public NtmHistory(NtmSizes sizes, NtmTape tape)
    {
        (_sizes, _tape) = (sizes, tape);
        _kept = new StepBuffer(sizes.MemoryLength);
        _ones = new PinnedBuffer(sizes.Width);
        _ones.Span(0, sizes.Width).Fill(1);
    }

    /// <summary>
    /// Makes room for steps of rows: few enough steps between two kept ones to replay them in the cache; for long sequences so many that
    /// neither those kept nor those replayed are too large.
    /// </summary>
    public void Reserve(int steps, int rows)
    {
        _rows = rows;
        int fitting = ReplayLength / (rows * _sizes.MemoryLength), root = (int)Math.Sqrt(steps);
        bool large = (long)steps * rows * _sizes.MemoryLength > KeptLength * (long)Math.Max(fitting, 1);
        _interval = Math.Clamp(large ? Math.Max(fitting, root) : fitting, 1, steps);
        _kept.Reserve((steps + _interval - 1) / _interval, rows);
        _replayed.Reserve((long)rows * _interval * _sizes.MemoryLength);
        if (_segments.Length < rows)
            _segments = new int[rows];
    }

    /// <summary>Before a backward pass: nothing has been replayed.</summary>
    public void Restart() => _segments.AsSpan(0, _rows).Fill(-1);

    /// <summary>Keeps a row's memory before a step where it is one of those that are kept.</summary>
    public void Keep(int step, int row, float* memory)
    {
        if (step % _interval == 0)
            Copy(memory, _kept.At(step / _interval, row));
    }

    /// <summary>
    /// Replays from the last kept memory to a step. Steps are asked for backwards; heads are those of this step,
    /// <paramref name="stride"/> numbers from one step to the next.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public void Replay(int step, int row, float* heads, int stride)
    {
        int segment = step / _interval, first = segment * _interval;
        if (_segments[row] == segment)
            return;
        _segments[row] = segment;
        Copy(_kept.At(segment, row), Before(first, row));
        for (int s = first; s < step; s++)
            Write(s, row, Before(s, row), Before(s + 1, row), heads + (nint)(s - step) * stride);
    }

    /// <summary>The memory before a step that has been replayed.</summary>
    public float* Before(int step, int row) => _replayed.Pointer + ((nint)row * _interval + step % _interval) * _sizes.MemoryLength;

    /// <summary>M = M prod(1 - w e^T) + sum w a^T: all heads erase before any adds (Eq. 3 and 4).</summary>
    [MethodImpl(Jit.Optimized)]
    public void Write(int step, int row, float* from, float* to, float* heads)
    {
        int n = _sizes.N, width = _sizes.Width, first = _sizes.NumberOfReadHeads;
        float* weightings = _tape.Weightings(step + 1, row);
        if (_sizes.IsSingleWriter)
        {
            float* head = heads + _sizes.Head(first);
            MemoryMatrix.EraseAdd<V>(from, to, width, n, weightings + first * n, Erase(head), head + _sizes.Add);
            return;
        }
        if (from != to)
            Copy(from, to);
        for (int h = first; h < _sizes.Heads; h++)
            MemoryMatrix.Erase<V>(to, width, n, weightings + h * n, Erase(heads + _sizes.Head(h)));
        for (int h = first; h < _sizes.Heads; h++)
            MemoryMatrix.AddOuter<V>(to, width, n, weightings + h * n, heads + _sizes.Head(h) + _sizes.Add);
    }

    /// <summary>What a write head erases: its erase vector, or everything where the write rule has none.</summary>
    public float* Erase(float* head) => _sizes.Erases ? head + _sizes.Erase : _ones.Pointer;

    private void Copy(float* from, float* to) =>
        new ReadOnlySpan<float>(from, _sizes.MemoryLength).CopyTo(new Span<float>(to, _sizes.MemoryLength));
}
