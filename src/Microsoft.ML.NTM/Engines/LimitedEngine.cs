using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// An engine that looks first whether a batch fits into memory, and says which batch it was where memory ran out nevertheless.
/// </summary>
internal sealed class LimitedEngine(IEngine engine, MemoryLimit limit) : IEngine
{
    public Action? CheckAlive
    {
        get => engine.CheckAlive;
        set => engine.CheckAlive = value;
    }

    public void Load(ReadOnlySpan<float> parameters) => engine.Load(parameters);

    public double LossAndGradient(SequenceBatch batch, Span<float> gradient)
    {
        limit.RequireTraining(batch);
        try
        {
            return engine.LossAndGradient(batch, gradient);
        }
        catch (Exception fault) when (MemoryLimit.IsExhausted(fault))
        {
            throw limit.Exhausted(batch, trains: true, fault);
        }
    }

    public double Loss(SequenceBatch batch)
    {
        limit.RequireScoring(batch);
        try
        {
            return engine.Loss(batch);
        }
        catch (Exception fault) when (MemoryLimit.IsExhausted(fault))
        {
            throw limit.Exhausted(batch, trains: false, fault);
        }
    }

    public void Score(SequenceBatch batch, Span<float> logits)
    {
        limit.RequireScoring(batch);
        try
        {
            engine.Score(batch, logits);
        }
        catch (Exception fault) when (MemoryLimit.IsExhausted(fault))
        {
            throw limit.Exhausted(batch, trains: false, fault);
        }
    }

    public void Dispose() => engine.Dispose();
}
