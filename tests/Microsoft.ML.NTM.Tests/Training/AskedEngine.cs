using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Tests.Training;

/// <summary>
/// An engine that counts how often it asks, between steps, whether to go on; something may happen at one of these moments.
/// </summary>
internal sealed class AskedEngine(IEngine engine, long moment = long.MaxValue, Action? happens = null) : IEngine
{
    private long _asked;

    /// <summary>How often it has asked.</summary>
    public long Asked => Volatile.Read(ref _asked);

    public Action? CheckAlive
    {
        get => engine.CheckAlive;
        set => engine.CheckAlive = () =>
        {
            if (Interlocked.Increment(ref _asked) == moment)
                happens!();
            value?.Invoke();
        };
    }

    public void Load(ReadOnlySpan<float> parameters) => engine.Load(parameters);

    public double LossAndGradient(SequenceBatch batch, Span<float> gradient) => engine.LossAndGradient(batch, gradient);

    public double Loss(SequenceBatch batch) => engine.Loss(batch);

    public void Score(SequenceBatch batch, Span<float> logits) => engine.Score(batch, logits);

    public void Dispose() => engine.Dispose();
}
