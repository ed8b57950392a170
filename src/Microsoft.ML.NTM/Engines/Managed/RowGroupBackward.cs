using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Loss and backward pass of a group of rows, and the weights' gradients.</summary>
internal sealed unsafe partial class RowGroup<V>
{
    /// <summary>Adds the rows' part of weights [outputs from .. from + count) of a matrix's gradient.</summary>
    public void AddGradient(in WeightBlock block, float* gradient)
    {
        float* to = gradient + block.Offset + (nint)block.From * block.Inputs;
        int lines = _windowSteps * Rows;
        switch (block.Part)
        {
            case WeightPart.Output:
                lines = (_windowSteps - _windowAnswer) * Rows;
                float* outputs = Output(0, 0) + block.From;
                float* answered = Answered(_windowAnswer);
                var byOutputs = new LineColumns(outputs, _spec.OutputSize, block.Count);
                Outer(byOutputs, new(answered + _reads, StateSize, _layers * _size), lines, to, block.Inputs);
                Outer(byOutputs, new(answered, StateSize, _reads), lines, to + _layers * _size, block.Inputs);
                OuterProducts.AddRows<V>(outputs, _spec.OutputSize, block.Count, lines, gradient + block.BiasOffset + block.From);
                break;
            case WeightPart.Heads:
                float* heads = Heads(0, 0) + block.From;
                Outer(new(heads, _headCount, block.Count), new(Hidden(1, 0, 0), StateSize, _layers * _size), lines, to, block.Inputs);
                OuterProducts.AddRows<V>(heads, _headCount, block.Count, lines, gradient + block.BiasOffset + block.From);
                break;
            case WeightPart.Seen:
                float* gates = Gates(block.Layer, 0, 0) + block.From;
                var byGates = new LineColumns(gates, _gateCount, block.Count);
                if (block.Layer < SeeingLayers)
                {
                    Outer(byGates, new(Input(0, 0), _spec.InputSize, _spec.InputSize), lines, to, block.Inputs);
                    Outer(byGates, new(State(0, 0), StateSize, _reads), lines, to + _spec.InputSize, block.Inputs);
                }
                if (block.Layer >= _spec.Directions)
                {
                    int below = _size * _spec.Directions;
                    Outer(byGates, new(Hidden(1, 0, Under(block.Layer)), StateSize, below), lines, to + block.Inputs - below, block.Inputs);
                }
                OuterProducts.AddRows<V>(gates, _gateCount, block.Count, lines, gradient + block.BiasOffset + block.From);
                break;
            default:
                Outer(new(Gates(block.Layer, 0, 0) + block.From, _gateCount, block.Count),
                    new(Hidden(Before(block.Layer, 0), 0, block.Layer), StateSize, _size), lines, to, block.Inputs);
                break;
        }
    }

    /// <summary>Adds the rows' derivatives by what they started from.</summary>
    [MethodImpl(Jit.Optimized)]
    public void AddStartGradient(float* gradient)
    {
        NtmStart? start = _network.Start;
        ParameterOffsets offsets = _network.Offsets;
        for (int row = 0; row < Rows; row++)
        {
            if (start is not null)
                Add(ByState(0, row), start.ByReads, _reads);
            _cell?.AddStartGradient(row);
            for (int layer = 0; layer < _layers && LearnsStart; layer++)
            {
                Add(ByState(FirstSlot(layer, row), row) + _reads + layer * _size, gradient + offsets.Hidden[layer], _size);
                Add(_byCells[layer].Pointer + row * _size, gradient + offsets.Cell[layer], _size);
            }
        }
    }

    private void ClearLoss()
    {
        if (_losses.Length < Rows)
            _losses = new double[Rows];
        _losses.AsSpan().Clear();
    }

    // Outputs of the window's steps [from, to) become the derivatives by them.
    [MethodImpl(Jit.Optimized)]
    private void AddLoss(int from, int to)
    {
        int size = _spec.OutputSize;
        for (int row = 0; row < Rows; row++)
        {
            for (int step = from; step < to; step++)
            {
                var scores = new Span<float>(Output(step - from, row), size);
                if (_firstStep + step >= _batch.Lengths[_firstRow + row] || !Answers(step, row))
                {
                    scores.Clear();
                    continue;
                }
                float weight = _batch.Weight(_firstStep + step, _firstRow + row) / _batch.Rows;
                _losses[row] += LossOf(scores, _batch.Target(_firstStep + step, _firstRow + row), weight);
            }
        }
    }

    private double LossOf(Span<float> scores, ReadOnlySpan<float> targets, float weight) => _sequence.Loss switch
    {
        SequenceLoss.BinaryCrossEntropy => Losses.BinaryCrossEntropy(scores, targets, weight),
        SequenceLoss.SquaredError => Losses.SquaredError(scores, targets, weight),
        _ => Losses.CrossEntropy(scores, targets, weight),
    };

    [MethodImpl(Jit.Optimized)]
    private void Backward()
    {
        _cell?.StartBackward();
        for (int layer = 0; layer < _layers && IsLstm; layer++)
            _byCells[layer].Span(0, Rows * _size).Clear();
        if (_bothWays)
        {
            BackwardBothWays();
            return;
        }
        int untilAsked = _team.Pulse.StepsBetween(Rows);
        for (int step = _windowSteps - 1; step >= 0; step--)
        {
            if (step % untilAsked == 0)
                _team.Pulse.Beat();
            int running = Running(step);
            if (_cell is not null)
            {
                for (int row = 0; row < running; row++)
                    _cell.Backward(step, row, ByState(step + 1, row));
                AddProduct(step, new(Heads(step, 0), _headCount, running, _weights.HeadsBack, ByState(step + 1, 0) + _reads, StateSize,
                    add: true));
            }
            for (int layer = _layers - 1; layer >= 0; layer--)
                ControllerBackward(layer, step, running);
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void ControllerBackward(int layer, int step, int running)
    {
        (_layer, _step) = (layer, step);
        _team.Share(running, GateOperations(running), _gatesBackward);
        float* gates = Gates(layer, step, 0);
        float* bySeen = ByState(step, 0) + (layer == 0 ? 0 : _reads + layer * _size);
        AddProduct(step, new(gates, _gateCount, running, _weights.RecurrentBack[layer], bySeen, StateSize, add: true));
        if (layer > 0 && layer < SeeingLayers)
            AddProduct(step, new(gates, _gateCount, running, _weights.ReadsAboveBack[layer], ByState(step, 0), StateSize, add: true));
        if (layer > 0)
        {
            AddProduct(step, new(gates, _gateCount, running, _weights.BelowBack[layer],
                ByState(step + 1, 0) + _reads + (layer - 1) * _size, StateSize, add: true));
        }
    }

    private void GatesBackward(int row)
    {
        (int layer, int step) = (_layer, _step);
        float* byHidden = ByState(step + 1, row) + _reads + layer * _size;
        if (_dropoutRate > 0)
            DropOut(row, layer, byHidden);
        if (IsLstm)
            LstmGates.Backward<V>(Units(layer, step, row), byHidden, _byCells[layer].Pointer + row * _size);
        else
            LstmGates.TanhBackward<V>(Gates(layer, step, row), byHidden, _size, _spec.ControllerClip);
    }

    // Adds what outputs and inputs of the lines make of a weight.
    private static void Outer(LineColumns outputs, LineColumns inputs, int lines, float* to, int stride) =>
        OuterProducts.Add<V>(new OuterProduct
        {
            A = outputs.First,
            AStride = outputs.Stride,
            Outputs = outputs.Count,
            B = inputs.First,
            BStride = inputs.Stride,
            Inputs = inputs.Count,
            Rows = lines,
            C = to,
            CStride = stride,
        });

    [MethodImpl(Jit.Optimized)]
    private static void Add(float* from, float* to, int length)
    {
        for (int i = 0; i < length; i += V.Count)
            V.StoreFirst(to + i, V.LoadFirst(to + i, length - i) + V.LoadFirst(from + i, length - i), length - i);
    }
}
