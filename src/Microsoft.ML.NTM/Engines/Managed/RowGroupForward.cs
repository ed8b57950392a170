using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The forward pass of a group of rows.</summary>
internal sealed unsafe partial class RowGroup<V>
{
    // Steps 0 .. steps - 1 of the window, from slot 0.
    [MethodImpl(Jit.Optimized)]
    private void Forward(int steps, bool training)
    {
        float* parameters = _network.Parameters;
        ParameterOffsets offsets = _network.Offsets;
        CopyInputs(steps);
        LookUp(steps);
        if (!IsWide)
            Project(steps);
        if (_cell is not null)
            Fill(parameters + offsets.HeadsBias, _headCount, Heads(0, 0), steps * Rows);
        if (_bothWays)
        {
            ForwardBothWays(steps, training);
            return;
        }
        int untilAsked = _team.Pulse.StepsBetween(Rows);
        for (int step = 0; step < steps; step++)
        {
            if (step % untilAsked == 0)
                _team.Pulse.Beat();
            int running = Running(step);
            for (int layer = 0; layer < _layers; layer++)
                Controller(layer, step, running, training);
            if (_cell is not null)
                Remember(step, running);
            if (training && running < Rows)
                ClearEnded(step, running);
        }
    }

    // What the layers that see the inputs get from them, at all steps.
    [MethodImpl(Jit.Optimized)]
    private void Project(int steps)
    {
        for (int layer = 0; layer < _layers; layer++)
            Fill(_network.Parameters + _network.Offsets.ControllerBias[layer], _gateCount, Gates(layer, 0, 0), steps * Rows);
        _team.Multiply(Input(0, 0), _spec.InputSize, steps * Rows, _weights.Inputs, Gates(0, 0, 0), _gateCount, add: true);
        for (int layer = 1; layer < SeeingLayers; layer++)
            _team.Multiply(Input(0, 0), _spec.InputSize, steps * Rows, _weights.InputsAbove[layer], Gates(layer, 0, 0), _gateCount,
                add: true);
    }

    // One layer of the controller: h_t and c_t of the running rows.
    [MethodImpl(Jit.Optimized)]
    private void Controller(int layer, int step, int running, bool training)
    {
        if (IsWide)
        {
            ByUnits(layer, step, running, training);
            return;
        }
        float* seen = layer == 0 ? State(step, 0) : Hidden(step, 0, layer);
        float* gates = Gates(layer, step, 0);
        if (_weights.Recurrent[layer].Rows > 0)
            AddProduct(step, new(seen, StateSize, running, _weights.Recurrent[layer], gates, _gateCount, add: true));
        if (layer > 0 && layer < SeeingLayers)
            AddProduct(step, new(State(step, 0), StateSize, running, _weights.ReadsAbove[layer], gates, _gateCount, add: true));
        if (layer > 0)
            AddProduct(step, new(Hidden(step + 1, 0, layer - 1), StateSize, running, _weights.Below[layer], gates, _gateCount, add: true));
        (_layer, _step, _training) = (layer, step, training);
        _team.Share(running, GateOperations(running), _gatesForward);
    }

    private void GatesForward(int row)
    {
        (int layer, int step) = (_layer, _step);
        float* hidden = Hidden(step + 1, row, layer);
        if (IsLstm)
        {
            LstmRow units = Units(layer, step, row);
            if (!_training)
                units.Squashed = null;
            LstmGates.Forward<V>(units);
        }
        else
            LstmGates.Tanh<V>(Gates(layer, step, row), _size, _spec.ControllerClip, hidden);
        if (_training && _dropoutRate > 0)
            DropOut(row, layer, hidden);
    }

    // All units of a layer at a step.
    private LstmRow Units(int layer, int step, int row) => new()
    {
        Gates = Gates(layer, step, row),
        GateStride = _size,
        Units = _size,
        Clip = _spec.ControllerClip,
        Before = Cell(layer, Before(layer, step), row),
        Cell = Cell(layer, step + 1, row),
        Squashed = Squashed(layer, step, row),
        Hidden = Hidden(step + 1, row, layer),
    };

    // Heads and memory: r_t of the running rows.
    [MethodImpl(Jit.Optimized)]
    private void Remember(int step, int running)
    {
        AddProduct(step, new(Hidden(step + 1, 0, 0), StateSize, running, _weights.Heads, Heads(step, 0), _headCount, add: true));
        for (int row = 0; row < running; row++)
            _cell!.Forward(step, row, State(step + 1, row));
    }

    // A product that comes at every step, every other time from its end: what is left of the weights in the cache is used first.
    private void AddProduct(int step, in Product product) => _team.Multiply(product with { Descends = Descends(step) });

    // Threads that share a product have their own part of it, which their caches may hold as a whole.
    private bool Descends(int step) => step % 2 != 0 && !_team.Active;

    // Y = Z W + b of the steps [from, steps).
    private void Answer(int from, int steps)
    {
        int lines = (steps - from) * Rows;
        Fill(_network.Parameters + _network.Offsets.OutputBias, _spec.OutputSize, Output(0, 0), lines);
        if (AnswersByReverseEnd)
            CopyAnswered(from, steps);
        _team.Multiply(Answered(from), StateSize, lines, _weights.Output, Output(0, 0), _spec.OutputSize, add: true);
    }

    // Padding is never read: it may hold anything.
    [MethodImpl(Jit.Optimized)]
    private void CopyInputs(int steps)
    {
        int size = _spec.InputSize;
        for (int step = 0; step < steps; step++)
        {
            int running = Running(step);
            var to = new Span<float>(Input(step, 0), Rows * size);
            _batch.Inputs.AsSpan(((_firstStep + step) * _batch.Rows + _firstRow) * size, running * size).CopyTo(to);
            to[(running * size)..].Clear();
        }
    }

    // What ended rows leave behind takes part in the weights' gradients, as 0.
    [MethodImpl(Jit.Optimized)]
    private void ClearEnded(int step, int running)
    {
        int ended = Rows - running;
        new Span<float>(State(step + 1, running), ended * StateSize).Clear();
        new Span<float>(Heads(step, running), ended * _headCount).Clear();
        for (int layer = 0; layer < _layers; layer++)
            new Span<float>(Gates(layer, step, running), ended * _gateCount).Clear();
    }

    [MethodImpl(Jit.Optimized)]
    private static void Fill(float* line, int length, float* to, int lines)
    {
        for (int i = 0; i < lines; i++)
            new ReadOnlySpan<float>(line, length).CopyTo(new Span<float>(to + (nint)i * length, length));
    }
}
