using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Steps of wide LSTM layers, block by block of a panel's width of units: a block's gates are worked out and used up before the next
/// block's, while they are in the first-level cache, and threads share a step's blocks. Only training keeps them.
/// </summary>
internal sealed unsafe partial class RowGroup<V>
{
    private const int CacheLine = 64;

    private int _running;

    private bool IsWide => _weights.UnitBlocks > 0;

    // h_t and c_t of a layer's running rows.
    private void ByUnits(int layer, int step, int running, bool training)
    {
        (_layer, _step, _running, _training) = (layer, step, running, training);
        long weights = (long)_gateCount * (_weights.Recurrent[layer].Rows + (layer == 0 ? _spec.InputSize : _weights.Below[layer].Rows));
        _team.Share(_weights.UnitBlocks, 2 * running * weights, _unitBlock);
        for (int row = 0; row < running && training && _dropoutRate > 0; row++)
            DropOut(row, layer, Hidden(step + 1, row, layer));
    }

    [MethodImpl(Jit.Optimized)]
    [SkipLocalsInit]
    private void UnitBlock(int block)
    {
        (int layer, int step) = (_layer, _step);
        if (Descends(step))
            block = _weights.UnitBlocks - 1 - block;
        int width = _weights.Recurrent[layer].PanelWidth, first = block * width, units = Math.Min(width, _size - first);
        LstmRow row = Units(layer, step, 0);
        row.Gates += first;
        row.Units = units;
        Move(ref row, first, first);
        int stride = _gateCount;
        if (!_training)
        {
            float* room = stackalloc float[_running * 4 * width + CacheLine];
            row.Gates = (float*)(((nint)room + CacheLine - 1) / CacheLine * CacheLine);
            row.Squashed = null;
            (row.GateStride, stride) = (width, 4 * width);
        }
        GatesOf(block, row, stride);
        for (int i = 0; i < _running; i++)
        {
            LstmGates.Forward<V>(row);
            row.Gates += stride;
            Move(ref row, StateSize, _size);
        }
    }

    private static void Move(ref LstmRow row, int hidden, int cells)
    {
        row.Hidden += hidden;
        row.Before += cells;
        row.Cell += cells;
        if (row.Squashed is not null)
            row.Squashed += cells;
    }

    // The raw gates of a block's units: bias, then what goes in, in the order of all other layers.
    [MethodImpl(Jit.Optimized)]
    private void GatesOf(int block, in LstmRow row, int stride)
    {
        (int layer, int step) = (_layer, _step);
        float* bias = _network.Parameters + _network.Offsets.ControllerBias[layer] + block * _weights.Recurrent[layer].PanelWidth;
        for (int gate = 0; gate < 4; gate++)
        {
            for (int u = 0; u < row.Units; u += V.Count)
                Spread(bias + gate * _size + u, row.Gates + gate * row.GateStride + u, Math.Min(V.Count, row.Units - u), stride);
        }
        if (layer == 0)
            AddTo(block, row, stride, Input(step, 0), _spec.InputSize, _weights.Inputs);
        AddTo(block, row, stride, Hidden(step, 0, layer), StateSize, _weights.Recurrent[layer]);
        if (layer > 0)
            AddTo(block, row, stride, Hidden(step + 1, 0, layer - 1), StateSize, _weights.Below[layer]);
    }

    // At most a vector of numbers, to all running rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(float* from, float* to, int count, nint stride)
    {
        V value = V.LoadFirst(from, count);
        for (int i = 0; i < _running; i++)
            V.StoreFirst(to + i * stride, value, count);
    }

    [MethodImpl(Jit.Optimized)]
    private void AddTo(int block, in LstmRow row, int stride, float* from, int fromStride, PackedMatrix by)
    {
        if (by.Rows == 0)
            return;
        if (_running == 1 && row.Units == by.PanelWidth && row.GateStride == by.PanelWidth)
        {
            Gemm.MultiplyFourPanels<V>(new Product(from, fromStride, 1, by, row.Gates, stride, add: true), block, _weights.UnitBlocks);
            return;
        }
        int after = Descends(_step) ? block - 1 : block + 1;
        for (int gate = 0; gate < 4; gate++)
        {
            Gemm.MultiplyPanel<V>(new Product(from, fromStride, _running, by, row.Gates + gate * row.GateStride, stride, add: true),
                gate * _weights.UnitBlocks + block, row.Units, next: gate < 3 ? (gate + 1) * _weights.UnitBlocks + block : after);
        }
    }
}
