namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Floats that stay where they are and start on a cache line, zero at first, with room for a vector read beyond the last.
/// </summary>
internal sealed unsafe class PinnedBuffer
{
    private const int CacheLine = 64;
    private const int Slack = 2 * CacheLine;

    private float[] _values = [];

    public PinnedBuffer(long length = 0)
    {
        if (length > 0)
            Reserve(length);
    }

    /// <summary>The first number.</summary>
    public float* Pointer { get; private set; }

    /// <summary>How many numbers fit.</summary>
    public long Length { get; private set; }

    /// <summary>Makes room for <paramref name="length"/> numbers; what was held is lost where the buffer had to grow.</summary>
    public void Reserve(long length)
    {
        if (length <= Length)
            return;
        _values = [];
        _values = GC.AllocateArray<float>(checked((int)(length + Slack)), pinned: true);
        fixed (float* first = _values)
            Pointer = (float*)(((nint)first + CacheLine - 1) / CacheLine * CacheLine);
        Length = length;
    }

    /// <summary>Numbers as a span.</summary>
    public Span<float> Span(long start, int count) => new(Pointer + start, count);
}
