using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Memory and links of steps gone by: too large to keep all, they are kept every few steps, and the backward pass replays the steps between
/// from the weightings on the tape.
/// </summary>
internal sealed unsafe class DncHistory<V>(DncSizes sizes, DncTape tape)
    where V : struct, ISimd<V>
{
    private readonly PinnedBuffer _kept = new(), _memories = new(), _links = new();
    private int _rows, _interval;
    private int[] _segments = [];

    /// <summary>Makes room for steps of rows. The square root of the steps needs the least memory.</summary>
    public void Reserve(int steps, int rows)
    {
        _rows = rows;
        _interval = Math.Clamp((int)Math.Sqrt(steps), 1, steps);
        _kept.Reserve((long)((steps + _interval - 1) / _interval) * rows * (sizes.MemoryLength + sizes.LinksLength));
        _memories.Reserve((long)rows * (_interval + 1) * sizes.MemoryLength);
        _links.Reserve((long)rows * _interval * sizes.LinksLength);
        if (_segments.Length < rows)
            _segments = new int[rows];
        _segments.AsSpan(0, rows).Fill(-1);
    }

    /// <summary>Keeps a row's state before a step where it is one of those that are kept.</summary>
    public void Keep(int step, int row, float* memory, float* links)
    {
        if (step % _interval != 0)
            return;
        Copy(memory, Kept(step / _interval, row), sizes.MemoryLength);
        Copy(links, Kept(step / _interval, row) + sizes.MemoryLength, sizes.LinksLength);
    }

    /// <summary>The memory before a step; that after it follows.</summary>
    public float* Memory(int step, int row, float* heads, int stride)
    {
        Replay(step, row, heads, stride);
        return Memories(row) + (step % _interval) * sizes.MemoryLength;
    }

    /// <summary>The links before a step whose memory has been asked for.</summary>
    public float* Links(int step, int row) => _links.Pointer + ((nint)row * _interval + step % _interval) * sizes.LinksLength;

    /// <summary>M (1 - w e^T) + w v^T; with de-allocation, what was freed is erased first (arXiv:1904.10278, section 3.2).</summary>
    public void Write(int step, int row, float* from, float* to, float* heads)
    {
        int n = sizes.N, width = sizes.Width;
        if (sizes.Deallocates)
        {
            Deallocation.Retain<V>(from, tape.Retention(step, row), width, n, to);
            from = to;
        }
        MemoryMatrix.EraseAdd<V>(from, to, width, n, tape.Write(step + 1, row), heads + sizes.Erase, heads + sizes.WriteVector);
    }

    // From the last kept state to the memory after a step and the links before it; heads are those of this step, stride numbers apart.
    private void Replay(int step, int row, float* heads, int stride)
    {
        int segment = step / _interval, first = segment * _interval;
        if (_segments[row] == segment)
            return;
        _segments[row] = segment;
        Copy(Kept(segment, row), Memories(row), sizes.MemoryLength);
        Copy(Kept(segment, row) + sizes.MemoryLength, Links(first, row), sizes.LinksLength);
        for (int s = first; s <= step; s++)
        {
            float* memory = Memories(row) + (s - first) * sizes.MemoryLength;
            Write(s, row, memory, memory + sizes.MemoryLength, heads + (nint)(s - step) * stride);
            if (s < step)
                Linkage.Update<V>(Links(s, row), Links(s + 1, row), sizes.Slots, sizes.N, tape.Write(s + 1, row), tape.Precedence(s, row));
        }
    }

    private float* Kept(int segment, int row) => _kept.Pointer + ((nint)segment * _rows + row) * (sizes.MemoryLength + sizes.LinksLength);

    private float* Memories(int row) => _memories.Pointer + (nint)row * (_interval + 1) * sizes.MemoryLength;

    private static void Copy(float* from, float* to, int length) => new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
}
