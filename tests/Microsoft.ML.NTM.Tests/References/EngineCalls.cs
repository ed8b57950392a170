using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Torch;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>An engine that is given its parameters with each call.</summary>
internal static class EngineCalls
{
    public static double LossAndGradient(this IEngine engine, SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        engine.Load(parameters);
        return engine.LossAndGradient(batch, gradient);
    }

    public static double LossAndGradient(this TorchEngine engine, SequenceBatch batch, ReadOnlySpan<double> parameters,
        Span<double> gradient)
    {
        engine.Load(parameters);
        return engine.LossAndGradient(batch, gradient);
    }

    public static double Loss(this IEngine engine, SequenceBatch batch, ReadOnlySpan<float> parameters)
    {
        engine.Load(parameters);
        return engine.Loss(batch);
    }

    public static void Score(this IEngine engine, SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> logits)
    {
        engine.Load(parameters);
        engine.Score(batch, logits);
    }

    public static void Score(this TorchEngine engine, SequenceBatch batch, ReadOnlySpan<double> parameters, Span<double> logits)
    {
        engine.Load(parameters);
        engine.Score(batch, logits);
    }
}
