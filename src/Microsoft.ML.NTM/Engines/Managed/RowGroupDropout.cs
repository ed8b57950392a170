using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Controller outputs that training leaves out: h * mask forward, and the derivative by h times the mask backward.</summary>
internal sealed unsafe partial class RowGroup<V>
{
    private readonly PinnedBuffer _masks = new();
    private readonly float _dropoutRate;

    [MethodImpl(Jit.Optimized)]
    private void DrawDropout()
    {
        if (_dropoutRate == 0)
            return;
        int length = _layers * _size;
        _masks.Reserve((long)Rows * length);
        for (int row = 0; row < Rows; row++)
            DropoutMask.Fill(_masks.Span((long)row * length, length), _batch, _firstRow + row, _dropoutRate);
    }

    [MethodImpl(Jit.Optimized)]
    private void DropOut(int row, int layer, float* values)
    {
        float* mask = _masks.Pointer + ((nint)row * _layers + layer) * _size;
        for (int u = 0; u < _size; u += V.Count)
        {
            int count = Math.Min(V.Count, _size - u);
            V.StoreFirst(values + u, V.LoadFirst(values + u, count) * V.LoadFirst(mask + u, count), count);
        }
    }
}
