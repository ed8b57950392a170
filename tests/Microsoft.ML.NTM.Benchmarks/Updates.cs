using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What an engine does for one update of the parameters.</summary>
internal static class Updates
{
    /// <summary>Takes the parameters, as they change with each update, and gives loss and gradient.</summary>
    public static double Train(this IEngine engine, SequenceBatch batch, float[] parameters, float[] gradient)
    {
        engine.Load(parameters);
        return engine.LossAndGradient(batch, gradient);
    }
}
