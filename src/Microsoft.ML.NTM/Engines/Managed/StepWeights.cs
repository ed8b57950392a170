using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>A network's parameters made ready for steps, once, for any number of sequences on any number of threads: only read.</summary>
internal sealed unsafe class StepWeights
{
    private readonly PinnedBuffer _parameters;

    public StepWeights(NetworkSpec network, SequenceSpec sequence, ReadOnlySpan<float> parameters, int vector)
    {
        (Network, Sequence) = (network, sequence);
        var layout = new ParameterLayout(network);
        _parameters = new PinnedBuffer(parameters.Length);
        parameters.CopyTo(_parameters.Span(0, parameters.Length));
        Offsets = new ParameterOffsets(network, layout);
        Matrices = new NetworkWeights(network, layout, vector);
        Matrices.Load(Parameters, training: false);
        Start = network.Kind == NetworkKind.Ntm ? new NtmStart(network, layout) : null;
        Start?.Load(Parameters);
    }

    public NetworkSpec Network { get; }

    public SequenceSpec Sequence { get; }

    public ParameterOffsets Offsets { get; }

    public NetworkWeights Matrices { get; }

    public NtmStart? Start { get; }

    /// <summary>[P].</summary>
    public float* Parameters => _parameters.Pointer;
}
