namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>One row of numbers per step and sequence, [steps, rows, stride], steps outermost.</summary>
internal sealed unsafe class Tape(int stride)
{
    private readonly AlignedBuffer _buffer = new();
    private int _rows;
    private int _ring;

    /// <summary>Numbers between the starts of two rows.</summary>
    public int Stride => stride;

    /// <summary>The whole tape.</summary>
    public float* Pointer => _buffer.Pointer;

    /// <summary>Makes room for <paramref name="steps"/> steps of <paramref name="rows"/> sequences.</summary>
    public void Reset(int steps, int rows)
    {
        (_rows, _ring) = (rows, -1);
        _buffer.Require((long)steps * rows * stride);
    }

    /// <summary>Makes room for two steps, which take turns.</summary>
    public void ResetAsRing(int rows)
    {
        (_rows, _ring) = (rows, 1);
        _buffer.Require(2L * rows * stride);
    }

    /// <summary>The row of a sequence at a step.</summary>
    public float* Row(int step, int row) => _buffer.Pointer + ((nint)(step & _ring) * _rows + row) * stride;

    /// <summary>Sets a row to 0.</summary>
    public void Clear(int step, int row) => new Span<float>(Row(step, row), stride).Clear();

    /// <summary>Sets whole steps to 0.</summary>
    public void ClearSteps(int first, int count)
    {
        for (int step = first; step < first + count; step++)
            new Span<float>(Row(step, 0), checked(_rows * stride)).Clear();
    }
}
