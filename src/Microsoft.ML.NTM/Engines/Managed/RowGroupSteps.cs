using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>A group of one row that runs step by step, for as long as one likes: windows of one step.</summary>
internal sealed unsafe partial class RowGroup<V>
{
    /// <summary>Numbers of the row's state: state line, cells of the LSTM's layers, memory.</summary>
    public int StateLength => StateSize + (IsLstm ? _layers * _size : 0) + (_cell?.StateLength ?? 0);

    /// <summary>Puts the row that was taken into the state it starts from.</summary>
    public void StartSteps()
    {
        Reserve(1, training: false);
        Start();
    }

    /// <summary>One step of the row that was taken, whose input its batch holds; gives the outputs [O], good until the next step.</summary>
    public ReadOnlySpan<float> Step()
    {
        Forward(1, training: false);
        Answer(0, 1);
        Carry(1);
        return new ReadOnlySpan<float>(Output(0, 0), _spec.OutputSize);
    }

    /// <summary>What the last step read, embedded keys included.</summary>
    public ReadOnlySpan<float> StepInputs => new(Input(0, 0), _spec.InputSize);

    /// <summary>Tells what the row's memory did in the last step.</summary>
    public void Look(TraceSink sink) => _cell?.Look(sink);

    /// <summary>Copies the row's state.</summary>
    [MethodImpl(Jit.Optimized)]
    public void Save(Span<float> state)
    {
        new ReadOnlySpan<float>(State(0, 0), StateSize).CopyTo(state);
        state = state[StateSize..];
        for (int layer = 0; layer < _layers && IsLstm; layer++)
        {
            new ReadOnlySpan<float>(Cell(layer, 0, 0), _size).CopyTo(state);
            state = state[_size..];
        }
        _cell?.Save(state);
    }

    /// <summary>Puts the row into a saved state.</summary>
    [MethodImpl(Jit.Optimized)]
    public void Load(ReadOnlySpan<float> state)
    {
        state[..StateSize].CopyTo(new Span<float>(State(0, 0), StateSize));
        state = state[StateSize..];
        for (int layer = 0; layer < _layers && IsLstm; layer++)
        {
            state[.._size].CopyTo(new Span<float>(Cell(layer, 0, 0), _size));
            state = state[_size..];
        }
        _cell?.Load(state);
    }
}
