using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The bias vector of an affine map, its numbers in the order of the map's outputs; and its gradient.</summary>
internal sealed unsafe class Bias<V>
    where V : unmanaged, ILanes<V>
{
    private readonly int _offset;
    private readonly int[] _order;
    private readonly AlignedBuffer _values = new();
    private readonly AlignedBuffer _gradient = new();

    /// <param name="offset">Where the bias stands among all parameters.</param>
    /// <param name="order">For each output, its place in the bias.</param>
    public Bias(int offset, int[] order)
    {
        (_offset, _order) = (offset, order);
        _values.Require(LaneMasks.Padded(order.Length));
        _gradient.Require(LaneMasks.Padded(order.Length));
    }

    /// <summary>Takes the bias out of the parameters.</summary>
    public void Pack(float* parameters)
    {
        for (int i = 0; i < _order.Length; i++)
            _values.Pointer[i] = parameters[_offset + _order[i]];
    }

    /// <summary>y = bias for <paramref name="rows"/> rows.</summary>
    public void Fill(float* y, int yStride, long rows)
    {
        var values = new ReadOnlySpan<float>(_values.Pointer, LaneMasks.Padded(_order.Length));
        for (long row = 0; row < rows; row++, y += yStride)
            values.CopyTo(new Span<float>(y, values.Length));
    }

    public void ClearGradient() => new Span<float>(_gradient.Pointer, LaneMasks.Padded(_order.Length)).Clear();

    /// <summary>db += column sums of dy.</summary>
    public void AddGradient(float* dy, int dyStride, long rows) =>
        MatrixProduct<V>.AddColumnSums(dy, dyStride, _order.Length, rows, _gradient.Pointer);

    /// <summary>Puts the gradient to its places among the parameters'.</summary>
    public void ScatterGradient(float* gradient)
    {
        for (int i = 0; i < _order.Length; i++)
            gradient[_offset + _order[i]] = _gradient.Pointer[i];
    }
}
