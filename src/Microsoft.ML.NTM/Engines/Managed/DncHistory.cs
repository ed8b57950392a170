using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Memory and links of steps gone by: where they are too large to keep all, they are kept every few steps, and the backward pass replays
/// the steps between from the weightings on the tape.
/// </summary>
internal sealed unsafe class DncHistory<V>(DncSizes sizes, DncTape tape)
    where V : struct, ISimd<V>
{
    private readonly StepBuffer _kept = new(sizes.MemoryLength + sizes.LinksLength);
    private readonly PinnedBuffer _memories = new(), _links = new();
    private int _rows, _interval, _planned;
    private int[] _segments = [];

    /// <summary>
    /// Before groups of rows use it in turn, of which this is the largest: all keep their state as often as it does, so that none needs
    /// more room.
    /// </summary>
    public void Plan(int steps, int rows) => _planned = DncInterval.Of(steps, (long)rows * _kept.Length);

    /// <summary>Makes room for steps of rows.</summary>
    public void Reserve(int steps, int rows)
    {
        _rows = rows;
        _interval = _planned > 0 ? _planned : DncInterval.Of(steps, (long)rows * _kept.Length);
        _kept.Reserve((steps + _interval - 1) / _interval, rows);
        _memories.Reserve((long)rows * _interval * sizes.MemoryLength);
        _links.Reserve((long)rows * LinksKept * sizes.LinksLength);
        if (_segments.Length < rows)
            _segments = new int[rows];
    }

    /// <summary>Before a backward pass: nothing has been replayed.</summary>
    public void Restart() => _segments.AsSpan(0, _rows).Fill(-1);

    /// <summary>Keeps a row's state before a step where it is one of those that are kept.</summary>
    public void Keep(int step, int row, float* memory, float* links)
    {
        if (step % _interval != 0)
            return;
        float* kept = _kept.At(step / _interval, row);
        new ReadOnlySpan<float>(memory, sizes.MemoryLength).CopyTo(new Span<float>(kept, sizes.MemoryLength));
        new ReadOnlySpan<float>(links, sizes.LinksLength).CopyTo(new Span<float>(kept + sizes.MemoryLength, sizes.LinksLength));
    }

    /// <summary>
    /// Replays from the last kept state to a step: the steps' memories, and the links before some of them. Steps are asked for backwards;
    /// heads are those of this step, <paramref name="stride"/> numbers from one step to the next.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public void Replay(int step, int row, float* heads, int stride)
    {
        int segment = step / _interval, first = segment * _interval;
        if (_segments[row] == segment)
            return;
        _segments[row] = segment;
        for (int s = first; s <= step; s++)
        {
            Write(s, row, Before(s, row), After(s, row), heads + (nint)(s - step) * stride);
            if (s < step && (s + 1 - first) % DncInterval.LinkSteps == 0)
                Linkage.Update<V>(Written(s, row), Links(s + 1, row));
        }
    }

    /// <summary>The memory before a step that has been replayed.</summary>
    public float* Before(int step, int row) => step % _interval == 0 ? _kept.At(step / _interval, row) : After(step - 1, row);

    /// <summary>The memory after a step that has been replayed.</summary>
    public float* After(int step, int row) => _memories.Pointer + ((nint)row * _interval + step % _interval) * sizes.MemoryLength;

    /// <summary>What a step that has been replayed wrote, from the last links on that there are before it.</summary>
    public LinkWrite Written(int step, int row)
    {
        int earlier = step % _interval % DncInterval.LinkSteps;
        return new()
        {
            Links = Links(step - earlier, row),
            Slots = sizes.Slots,
            N = sizes.N,
            Write = tape.Write(step + 1, row),
            Precedence = tape.Precedence(step, row),
            Earlier = earlier,
            Stride = tape.SlotStride,
        };
    }

    private int LinksKept => (_interval - 1) / DncInterval.LinkSteps;

    // The links before a step that has been replayed, a whole number of link steps from a kept one.
    private float* Links(int step, int row) => step % _interval == 0
        ? _kept.At(step / _interval, row) + sizes.MemoryLength
        : _links.Pointer + ((nint)row * LinksKept + step % _interval / DncInterval.LinkSteps - 1) * sizes.LinksLength;

    /// <summary>M (1 - w e^T) + w v^T; with de-allocation, what was freed is erased first (arXiv:1904.10278, section 3.2).</summary>
    public void Write(int step, int row, float* from, float* to, float* heads)
    {
        int n = sizes.N, width = sizes.Width;
        if (sizes.Deallocates)
        {
            SlotRetention.Retain<V>(from, tape.Retention(step, row), width, n, to);
            from = to;
        }
        MemoryMatrix.EraseAdd<V>(from, to, width, n, tape.Write(step + 1, row), heads + sizes.Erase, heads + sizes.WriteVector);
    }
}
