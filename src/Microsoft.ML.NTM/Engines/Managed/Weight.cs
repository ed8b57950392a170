using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Columns of a parameter matrix that stand at some column of a <see cref="Weight{V}"/>.</summary>
/// <param name="Offset">Where the parameter's first element stands among all parameters.</param>
/// <param name="Stride">The parameter's columns.</param>
/// <param name="FirstColumn">The first column taken.</param>
/// <param name="Columns">How many are taken.</param>
internal readonly record struct WeightPiece(int Offset, int Stride, int FirstColumn, int Columns);

/// <summary>
/// A matrix [outputs, inputs] that runs as one product, gathered from one or more parameters side by side, with its rows in the order that
/// suits the kernels; packed for y = W x and for dx = W^T dy; and its gradient.
/// </summary>
internal sealed unsafe class Weight<V>
    where V : unmanaged, ILanes<V>
{
    private readonly WeightPiece[] _pieces;
    private readonly int[] _order;
    private readonly int[] _identity;
    private readonly int _stride;
    private readonly bool _needsBackward;
    private readonly AlignedBuffer _dense = new();
    private readonly AlignedBuffer _forward = new();
    private readonly AlignedBuffer _backward = new();

    /// <param name="order">For each output, its row in the parameters.</param>
    /// <param name="pieces">The parameters' columns, in the order of the inputs.</param>
    /// <param name="needsBackward">Whether the inputs' derivative is asked for.</param>
    public Weight(int[] order, WeightPiece[] pieces, bool needsBackward = true)
    {
        (_order, _pieces, _needsBackward) = (order, pieces, needsBackward);
        _identity = [.. Enumerable.Range(0, order.Length)];
        Inputs = pieces.Sum(piece => piece.Columns);
        _stride = LaneMasks.Padded(Inputs);
        // The gradient is summed in whole tiles of rows.
        _dense.Require((long)MatrixProduct<V>.OuterRows(Outputs) * _stride);
        _forward.Require(PackedMatrix<V>.Length(Inputs, Outputs));
        if (needsBackward)
            _backward.Require(PackedMatrix<V>.Length(Outputs, Inputs));
    }

    public int Inputs { get; }

    public int Outputs => _order.Length;

    /// <summary>Takes the weights out of the parameters; the backward half only for training.</summary>
    public void Pack(float* parameters, bool training)
    {
        float* dense = _dense.Pointer;
        for (int output = 0; output < Outputs; output++)
        {
            float* to = dense + output * _stride;
            foreach (WeightPiece piece in _pieces)
            {
                float* from = parameters + piece.Offset + _order[output] * piece.Stride + piece.FirstColumn;
                new Span<float>(from, piece.Columns).CopyTo(new Span<float>(to, piece.Columns));
                to += piece.Columns;
            }
        }
        PackedMatrix<V>.PackColumns(dense, _stride, _identity, Inputs, _forward.Pointer);
        if (training && _needsBackward)
            PackedMatrix<V>.PackRows(dense, _stride, _identity, Inputs, _backward.Pointer);
    }

    /// <summary>y += W x for <paramref name="rows"/> rows.</summary>
    public void Forward(float* x, int xStride, int rows, float* y, int yStride) =>
        MatrixProduct<V>.Add(x, xStride, rows, Inputs, _forward.Pointer, Outputs, y, yStride);

    /// <summary>dx += W^T dy for <paramref name="rows"/> rows.</summary>
    public void Backward(float* dy, int dyStride, int rows, float* dx, int dxStride) =>
        MatrixProduct<V>.Add(dy, dyStride, rows, Outputs, _backward.Pointer, Inputs, dx, dxStride);

    /// <summary>Starts the gradient of outputs <paramref name="first"/> .. first + count - 1 at 0. It takes the place of the gathered weights.</summary>
    public void ClearGradient(int first, int count) =>
        new Span<float>(_dense.Pointer + (nint)first * _stride, MatrixProduct<V>.OuterRows(count) * _stride).Clear();

    /// <summary>dW += dy x^T for these outputs, over <paramref name="rows"/> rows.</summary>
    public void AddGradient(int first, int count, float* dy, int dyStride, float* x, int xStride, long rows) =>
        MatrixProduct<V>.AddOuter(dy + first, dyStride, count, x, xStride, Inputs, rows, _dense.Pointer + (nint)first * _stride, _stride);

    /// <summary>Puts these outputs' gradient to its places among the parameters'.</summary>
    public void ScatterGradient(int first, int count, float* gradient)
    {
        for (int output = first; output < first + count; output++)
        {
            float* from = _dense.Pointer + (nint)output * _stride;
            foreach (WeightPiece piece in _pieces)
            {
                float* to = gradient + piece.Offset + _order[output] * piece.Stride + piece.FirstColumn;
                new Span<float>(from, piece.Columns).CopyTo(new Span<float>(to, piece.Columns));
                from += piece.Columns;
            }
        }
    }
}
