using System.Numerics.Tensors;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Changes parameters by their gradient. All it remembers is in <see cref="State"/> and <see cref="Steps"/>: who restores both goes on bit
/// for bit. A step allocates nothing, and gives the same bits whatever the machine's vector width.
/// </summary>
internal abstract class Optimizer
{
    private readonly float[][] _state;
    private readonly float _weightDecay;
    private readonly (int Offset, int Length)[] _decaying;

    /// <summary>An optimizer that remembers <paramref name="stateNames"/>.Length numbers per parameter.</summary>
    protected Optimizer(ParameterLayout layout, OptimizerSettings settings, params string[] stateNames)
    {
        _weightDecay = settings.WeightDecay;
        _decaying = _weightDecay > 0 ? [.. layout.Slices.Where(Decays).Select(slice => (slice.Offset, slice.Length))] : [];
        StateNames = stateNames;
        _state = [.. stateNames.Select(_ => new float[layout.Length])];
    }

    /// <summary>What is remembered per parameter.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>One array of [P] numbers per name of <see cref="StateNames"/>.</summary>
    public IReadOnlyList<float[]> State => _state;

    /// <summary>Steps made since the start or the last <see cref="Reset"/>.</summary>
    public long Steps { get; set; }

    /// <summary>One step.</summary>
    /// <param name="parameters">All parameters: [P], changed in place; they stay finite (see <see cref="UpdateRule"/>).</param>
    /// <param name="gradient">The loss's derivatives: [P], finite, with a norm of at most <see cref="GradientClip.LargestNorm"/>.</param>
    /// <param name="learningRate">The step's rate.</param>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, float learningRate)
    {
        Steps++;
        Decay(parameters, learningRate);
        Apply(parameters, gradient, learningRate);
    }

    /// <summary>Forgets everything, as if no step had been made.</summary>
    public void Reset()
    {
        Steps = 0;
        foreach (float[] values in _state)
            Array.Clear(values);
    }

    /// <summary>Changes <paramref name="parameters"/>; <see cref="Steps"/> already counts this step.</summary>
    protected abstract void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, float learningRate);

    // p = p - rate decay p (arXiv:1711.05101, algorithm 2): weight matrices only, not biases, not initial states.
    private void Decay(Span<float> parameters, float learningRate)
    {
        foreach ((int offset, int length) in _decaying)
        {
            Span<float> weights = parameters.Slice(offset, length);
            TensorPrimitives.Multiply(weights, 1 - learningRate * _weightDecay, weights);
        }
    }

    private static bool Decays(ParameterSlice slice) => slice.Trainable && slice.Name.Contains(".weight", StringComparison.Ordinal);
}
