using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Keys that become inputs, forward and back: x = [table(key 1) ; ... ; table(key K) ; numbers], the missing key 0.</summary>
internal sealed unsafe partial class RowGroup<V>
{
    private readonly PinnedBuffer _byEmbedded = new();

    /// <summary>Adds the rows' derivatives to the table's, key by key: a key may appear in many steps.</summary>
    [MethodImpl(Jit.Optimized)]
    public void AddEmbeddingGradient(float* gradient)
    {
        int size = _spec.EmbeddingSize;
        for (int step = 0; step < _windowSteps && size > 0; step++)
        {
            for (int row = 0; row < Running(step); row++)
            {
                ReadOnlySpan<int> keys = _batch.Key(_firstStep + step, _firstRow + row);
                for (int k = 0; k < keys.Length; k++)
                {
                    if (keys[k] > 0)
                        Add(ByEmbedded(step, row) + k * size, gradient + _network.Offsets.Embedding + (nint)(keys[k] - 1) * size, size);
                }
            }
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void LookUp(int steps)
    {
        float* table = _network.Parameters + _network.Offsets.Embedding;
        int size = _spec.EmbeddingSize;
        for (int step = 0; step < steps && size > 0; step++)
        {
            for (int row = 0; row < Running(step); row++)
            {
                ReadOnlySpan<int> keys = _batch.Key(_firstStep + step, _firstRow + row);
                for (int k = 0; k < keys.Length; k++)
                {
                    if (keys[k] > 0)
                        new ReadOnlySpan<float>(table + (nint)(keys[k] - 1) * size, size)
                            .CopyTo(new Span<float>(Input(step, row) + k * size, size));
                }
            }
        }
    }

    // From every layer that sees the inputs, all steps at once.
    [MethodImpl(Jit.Optimized)]
    private void EmbeddingBackward()
    {
        int size = _spec.EmbeddedSize;
        if (size == 0)
            return;
        _byEmbedded.Reserve((long)_windowSteps * Rows * size);
        for (int layer = 0; layer < SeeingLayers; layer++)
            _team.Multiply(Gates(layer, 0, 0), _gateCount, _windowSteps * Rows, _weights.EmbeddedBack[layer], ByEmbedded(0, 0), size,
                add: layer > 0);
    }

    private float* ByEmbedded(int step, int row) => _byEmbedded.Pointer + ((nint)step * Rows + row) * _spec.EmbeddedSize;
}
