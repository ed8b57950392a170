using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>A network on an engine, and what a training does to it at each iteration.</summary>
internal sealed class Trainee : IDisposable
{
    // So small that a network stays what it was, however often it is updated.
    private const float Rate = 1e-7f;

    private readonly IEngine _engine;
    private readonly float[] _parameters, _gradient;
    private readonly GradientNorm _norm;
    private readonly Optimizer _optimizer;
    private readonly GradientClip _clip = new();
    private float[] _logits = [];

    /// <param name="engine">Whose time is taken; it belongs to this from now on.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Where it starts: copied.</param>
    public Trainee(IEngine engine, NetworkSpec network, float[] parameters)
    {
        (_engine, _parameters, _gradient) = (engine, [.. parameters], new float[parameters.Length]);
        _norm = new GradientNorm(_gradient);
        _optimizer = new OptimizerSettings().Create(new ParameterLayout(network));
        _engine.Load(_parameters);
    }

    /// <summary>A whole update: gradient, norm, clip and RMSProp.</summary>
    public void Update(SequenceBatch batch)
    {
        _engine.Load(_parameters);
        _engine.LossAndGradient(batch, _gradient);
        _optimizer.Step(_parameters, _gradient, _clip.For(_norm.Take(_engine)), Rate, _engine);
    }

    /// <summary>All answers of a batch.</summary>
    public void Score(SequenceBatch batch)
    {
        int count = batch.Steps * batch.Rows * batch.TargetSize;
        if (_logits.Length < count)
            _logits = new float[count];
        _engine.Score(batch, _logits);
    }

    public void Dispose() => _engine.Dispose();
}
