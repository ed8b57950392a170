using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Runs NTM and LSTM networks on any CPU, with hand-derived gradients. The same parameters and batches give the same bits whatever the number
/// of threads, and a row scores the same bits alone and in any batch. Several engines may run at once.
/// </summary>
internal sealed class ManagedEngine : IEngine
{
    private readonly ManagedEngineCore _core;

    /// <param name="spec">The network.</param>
    /// <param name="sequence">The loss.</param>
    /// <param name="threads">Threads that compute at once, the calling one included.</param>
    /// <exception cref="NotSupportedException">The network is of a kind that this engine does not run.</exception>
    public ManagedEngine(NetworkSpec spec, SequenceSpec sequence, int threads)
        : this(spec, sequence, threads, SimdPaths.Best)
    {
    }

    internal ManagedEngine(NetworkSpec spec, SequenceSpec sequence, int threads, SimdPath path)
    {
        if (spec.Kind == NetworkKind.Dnc)
            throw new NotSupportedException($"The managed engine does not run a {spec.Kind}.");
        _core = path switch
        {
            SimdPath.Avx512 => new ManagedEngineCore<Lanes512>(spec, sequence, threads),
            SimdPath.Avx2 => new ManagedEngineCore<Lanes256>(spec, sequence, threads),
            _ => new ManagedEngineCore<Lanes128>(spec, sequence, threads),
        };
    }

    /// <inheritdoc/>
    public double Train(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> gradient) => _core.Train(batch, parameters, gradient);

    /// <inheritdoc/>
    public void Score(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> logits) => _core.Score(batch, parameters, logits);

    /// <inheritdoc/>
    public void Dispose() => _core.Dispose();
}
