using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The same numbers of every row for every step, step after step: [steps, rows, length].</summary>
/// <param name="length">Numbers of a row's step.</param>
internal sealed unsafe class StepBuffer(int length)
{
    private readonly PinnedBuffer _values = new();
    private float* _first;
    private int _rows;

    /// <summary>Numbers of a row's step.</summary>
    public int Length => length;

    /// <summary>How far a row's numbers of the next step are.</summary>
    public nint Stride => (nint)_rows * length;

    /// <summary>Makes room for steps of rows.</summary>
    public void Reserve(int steps, int rows)
    {
        _rows = rows;
        _values.Reserve((long)steps * rows * length);
        _first = _values.Pointer;
    }

    /// <summary>A row's numbers of a step: [length].</summary>
    public float* At(int step, int row) => _first + ((nint)step * _rows + row) * length;

    /// <summary>A row's numbers of step 0.</summary>
    public Span<float> First(int row) => _values.Span((long)row * length, length);

    /// <summary>Copies all rows' numbers of a step to step 0.</summary>
    public void Carry(int step) =>
        _values.Span((long)step * _rows * length, _rows * length).CopyTo(_values.Span(0, _rows * length));
}
