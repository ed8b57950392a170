using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>A network's mean loss per sequence over data held back from training.</summary>
internal sealed class HeldOutLoss(IDataView data, SequenceFormat format, int batchSize, IEngine engine, ParameterSet parameters) : IDisposable
{
    private readonly OrderedBatches _batches = new(data, format, ColumnUse.Training, batchSize);

    /// <summary>The loss of the parameters as they are now, in the loss's units per sequence.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve, or there are none.</exception>
    public double Compute()
    {
        engine.Load(parameters.Values);
        double sum = 0;
        long rows = 0;
        while (_batches.Next() is { } batch)
        {
            sum += engine.Loss(batch) * batch.Rows;
            rows += batch.Rows;
        }
        return rows > 0 ? sum / rows : throw SequenceErrors.NoRows("validation data");
    }

    /// <inheritdoc/>
    public void Dispose() => _batches.Dispose();
}
