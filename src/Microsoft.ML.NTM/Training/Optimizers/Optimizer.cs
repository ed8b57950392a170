namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Changes parameters by their gradient. All it remembers is in <see cref="State"/> and <see cref="Steps"/>: who restores both goes on bit
/// for bit. A step allocates nothing, and gives the same bits whatever the machine's vector width.
/// </summary>
internal abstract class Optimizer
{
    private readonly float[][] _state;

    /// <summary>An optimizer that remembers <paramref name="stateNames"/>.Length numbers per parameter.</summary>
    protected Optimizer(ParameterLayout layout, params string[] stateNames)
    {
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
}
