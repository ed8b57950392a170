using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Training;

/// <summary>A network's mean loss per sequence over data held back from training.</summary>
/// <param name="batches">The data; disposed of with this.</param>
/// <param name="engine">Runs the network.</param>
/// <param name="parameters">The parameters that training changes.</param>
internal sealed class HeldOutLoss(OrderedBatches batches, IEngine engine, ParameterSet parameters) : IDisposable
{
    /// <summary>The loss of the parameters as they are now, in the loss's units per sequence.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve, or there are none.</exception>
    public double Compute()
    {
        engine.Load(parameters.Values);
        double sum = 0;
        long rows = 0;
        while (batches.Next() is { } batch)
        {
            sum += engine.Loss(batch) * batch.Rows;
            rows += batch.Rows;
        }
        return rows > 0 ? sum / rows : throw SequenceErrors.NoRows("validation data");
    }

    /// <inheritdoc/>
    public void Dispose() => batches.Dispose();
}
