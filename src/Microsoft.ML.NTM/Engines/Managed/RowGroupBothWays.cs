using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A group of rows that is read in both directions, layer by layer over all steps. Each direction of a layer counts as a layer, its reverse
/// behind its forward one, and what it gives at step t stands in slot t + 1, so that both stand side by side. A reverse layer reads what
/// the step after gave: step t + 1's is in slot t + 2, and before a row's last step that is where the row starts from.
/// </summary>
internal sealed unsafe partial class RowGroup<V>
{
    // State lines that answers are made of, where those are not the steps' own: [answers * n, S].
    private readonly PinnedBuffer _answered = new();

    // Answers by what the reverse layers end with, which is at step 0.
    private bool AnswersByReverseEnd => _bothWays && _sequence.AnswersAfterInput;

    private float* Answered(int from) => AnswersByReverseEnd ? _answered.Pointer : State(from + 1, 0);

    private bool IsReverse(int layer) => _bothWays && (layer & 1) == 1;

    // The slot of what a layer has before a step.
    private int Before(int layer, int step) => IsReverse(layer) ? step + 2 : step;

    // Where a row's first step of a layer finds what it starts from.
    private int FirstSlot(int layer, int row) => IsReverse(layer) ? _batch.Lengths[_firstRow + row] + 1 : 0;

    // The first of the layers below a layer.
    private int Under(int layer) => (_spec.LayerOf(layer) - 1) * _spec.Directions;

    // Of steps 0 .. steps - 1 to step of a layer, in the order in which it reads them.
    private int InOrder(int layer, int i, int steps) => IsReverse(layer) ? steps - 1 - i : i;

    private void ForwardBothWays(int steps, bool training)
    {
        StartReverse(steps);
        for (int layer = 0; layer < _layers; layer++)
        {
            if (layer >= _spec.Directions)
            {
                _team.Multiply(Hidden(1, 0, Under(layer)), StateSize, steps * Rows, _weights.Below[layer], Gates(layer, 0, 0), _gateCount,
                    add: true);
            }
            for (int i = 0; i < steps; i++)
            {
                AskNowAndThen(i);
                Recur(layer, InOrder(layer, i, steps), training);
            }
        }
        if (training)
            ClearEndedGates(steps);
    }

    private void AskNowAndThen(int step)
    {
        if (step % _team.Pulse.StepsBetween(Rows) == 0)
            _team.Pulse.Beat();
    }

    private void Recur(int layer, int step, bool training)
    {
        int running = Running(step);
        AddProduct(step, new(Hidden(Before(layer, step), 0, layer), StateSize, running, _weights.Recurrent[layer], Gates(layer, step, 0),
            _gateCount, add: true));
        (_layer, _step, _training) = (layer, step, training);
        _team.Share(running, GateOperations(running), _gatesForward);
    }

    // Ended rows have no state but the one that their reverse layers start from, in the slot behind their last step's.
    [MethodImpl(Jit.Optimized)]
    private void StartReverse(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            int running = Running(step);
            new Span<float>(State(step + 1, running), (Rows - running) * StateSize).Clear();
        }
        new Span<float>(State(steps + 1, 0), Rows * StateSize).Clear();
        ParameterOffsets offsets = _network.Offsets;
        for (int row = 0; row < Rows; row++)
        {
            for (int layer = 1; layer < _layers; layer += 2)
            {
                int slot = FirstSlot(layer, row);
                Copy(_network.Parameters + offsets.Hidden[layer], Hidden(slot, row, layer), _size);
                Copy(_network.Parameters + offsets.Cell[layer], Cell(layer, slot, row), _size);
            }
        }
    }

    // Into the weights' gradients they go as 0.
    [MethodImpl(Jit.Optimized)]
    private void ClearEndedGates(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            int running = Running(step);
            for (int layer = 0; layer < _layers; layer++)
                new Span<float>(Gates(layer, step, running), (Rows - running) * _gateCount).Clear();
        }
    }

    // The answers' state lines with the reverse layers' ends.
    [MethodImpl(Jit.Optimized)]
    private void CopyAnswered(int from, int steps)
    {
        _answered.Reserve((long)(steps - from) * Rows * StateSize);
        Copy(State(from + 1, 0), _answered.Pointer, (steps - from) * Rows * StateSize);
        for (int step = from; step < steps; step++)
        {
            for (int row = 0; row < Rows; row++)
            {
                float* line = _answered.Pointer + ((nint)(step - from) * Rows + row) * StateSize;
                for (int layer = 1; layer < _layers; layer += 2)
                    Copy(Hidden(1, row, layer), line + layer * _size, _size);
            }
        }
    }

    // Derivatives of the answers by the reverse layers' ends, which stand with the answers' steps, to step 0.
    [MethodImpl(Jit.Optimized)]
    private void GatherByReverseEnd(int from)
    {
        for (int step = Math.Max(from, 1); step < _windowSteps; step++)
        {
            for (int row = 0; row < Rows; row++)
            {
                for (int layer = 1; layer < _layers; layer += 2)
                {
                    float* by = ByState(step + 1, row) + layer * _size;
                    Add(by, ByState(1, row) + layer * _size, _size);
                    new Span<float>(by, _size).Clear();
                }
            }
        }
    }

    private void BackwardBothWays()
    {
        for (int layer = _layers - 1; layer >= 0; layer--)
        {
            for (int i = _windowSteps - 1; i >= 0; i--)
            {
                AskNowAndThen(i);
                RecurBackward(layer, InOrder(layer, i, _windowSteps));
            }
            if (layer >= _spec.Directions)
            {
                _team.Multiply(Gates(layer, 0, 0), _gateCount, _windowSteps * Rows, _weights.BelowBack[layer],
                    ByState(1, 0) + Under(layer) * _size, StateSize, add: true);
            }
        }
    }

    private void RecurBackward(int layer, int step)
    {
        int running = Running(step);
        (_layer, _step) = (layer, step);
        _team.Share(running, GateOperations(running), _gatesBackward);
        AddProduct(step, new(Gates(layer, step, 0), _gateCount, running, _weights.RecurrentBack[layer],
            ByState(Before(layer, step), 0) + layer * _size, StateSize, add: true));
    }

    private static void Copy(float* from, float* to, int length) =>
        new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
}
