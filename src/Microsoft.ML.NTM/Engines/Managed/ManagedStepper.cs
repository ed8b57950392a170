using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Makes steppers of the managed engine.</summary>
internal static class ManagedStepper
{
    /// <summary>A stepper before its first step. The parameters are copied.</summary>
    public static IStepper Create(NetworkSpec network, SequenceSpec sequence, ReadOnlySpan<float> parameters) =>
        Create(network, sequence, parameters, SimdWidths.Best);

    /// <summary>A stepper with vectors of a given width.</summary>
    internal static IStepper Create(NetworkSpec network, SequenceSpec sequence, ReadOnlySpan<float> parameters, SimdWidth width)
    {
        return width switch
        {
            SimdWidth.Avx512 => Create<V512>(network, sequence, parameters),
            SimdWidth.Avx2 => Create<V256>(network, sequence, parameters),
            _ => Create<V128>(network, sequence, parameters),
        };
    }

    private static ManagedStepper<V> Create<V>(NetworkSpec network, SequenceSpec sequence, ReadOnlySpan<float> parameters)
        where V : struct, ISimd<V>
    {
        var loaded = new LoadedNetwork(network, sequence, V.PanelVectors * V.Count);
        loaded.Load(parameters);
        return new ManagedStepper<V>(loaded);
    }
}

/// <summary>One sequence, step by step: a group of one row whose batch is one step long. Nothing is allocated per step.</summary>
internal sealed unsafe class ManagedStepper<V> : IStepper
    where V : struct, ISimd<V>
{
    private readonly LoadedNetwork _network;
    private readonly RowGroup<V> _group;
    private readonly SequenceBatch _step;

    public ManagedStepper(LoadedNetwork network)
    {
        _network = network;
        _step = new SequenceBatch(network.Network.InputSize, network.Sequence.TargetSize(network.Network.OutputSize),
            network.Network.KeysPerStep);
        _step.Reset(1, 1);
        _step.Lengths[0] = 1;
        MemoryCell? cell = network.Network.Kind switch
        {
            NetworkKind.Ntm => new NtmMemory<V>(network.Network, network.Start!),
            NetworkKind.Dnc => new DncMemory<V>(network.Network),
            _ => null,
        };
        _group = new RowGroup<V>(network, cell, pool: null, new Team<V>(new WorkerPool(1)));
        _group.Take(_step, 0, 1);
        Reset();
    }

    public int StateLength => _group.StateLength;

    public ReadOnlySpan<float> Inputs => _group.StepInputs;

    public void Reset() => _group.StartSteps();

    public void Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> keys, Span<float> logits)
    {
        using var flushed = new FlushToZero();
        inputs.CopyTo(_step.Input(0, 0));
        keys.CopyTo(_step.Key(0, 0));
        _group.Step().CopyTo(logits);
        GC.KeepAlive(this);
    }

    public void Look(TraceSink sink)
    {
        _group.Look(sink);
        GC.KeepAlive(this);
    }

    public void Save(Span<float> state) => _group.Save(state);

    public void Load(ReadOnlySpan<float> state) => _group.Load(state);

    public IStepper Clone()
    {
        var clone = new ManagedStepper<V>(_network);
        float[] state = new float[StateLength];
        Save(state);
        clone.Load(state);
        return clone;
    }
}
