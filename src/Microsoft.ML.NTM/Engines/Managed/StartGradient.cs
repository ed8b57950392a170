namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The derivative by what a sequence starts from, summed over rows: padded as the tapes' rows are.</summary>
internal sealed unsafe class StartGradient
{
    private readonly NetworkShape _shape;
    private readonly AlignedBuffer _buffer = new();

    public StartGradient(NetworkShape shape)
    {
        _shape = shape;
        _buffer.Require(Length);
    }

    /// <summary>[h ; r] before tanh: [L*H + R*M].</summary>
    public float* State => _buffer.Pointer;

    /// <summary>Cells: [L, H], rows padded.</summary>
    public float* Cells => State + NetworkShape.RowStride(_shape.StateSize);

    /// <summary>Weightings: [R + W, N], rows padded.</summary>
    public float* Weightings => Cells + _shape.Layers * NetworkShape.RowStride(_shape.Units);

    /// <summary>Memory: [M, N], rows padded.</summary>
    public float* Memory => Weightings + _shape.Heads * _shape.PaddedSlots;

    /// <summary>All of them.</summary>
    public int Length => NetworkShape.RowStride(_shape.StateSize) + _shape.Layers * NetworkShape.RowStride(_shape.Units)
        + _shape.Heads * _shape.PaddedSlots + _shape.MemorySize;

    public void Clear() => new Span<float>(_buffer.Pointer, Length).Clear();
}
