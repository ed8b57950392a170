namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// Trains and evaluates an estimator on <paramref name="numberOfFolds"/> parts of the data, each time leaving one part out to evaluate on.
    /// </summary>
    /// <param name="data">Rows with features and label.</param>
    /// <param name="estimator">A pipeline that ends in a sequence trainer with a vector label.</param>
    /// <param name="numberOfFolds">How many parts, at least 2.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value here stay in the same part; null: every row for itself.</param>
    /// <param name="seed">Seed of the cut where no sampling key is given.</param>
    public IReadOnlyList<CrossValidationResult<SequenceMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string? samplingKeyColumnName = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        return [.. CrossValidateTrain(data, estimator, numberOfFolds, samplingKeyColumnName, seed).Select(fold =>
            new CrossValidationResult<SequenceMetrics>(fold.Model, Evaluate(fold.Scores, labelColumnName), fold.Scores, fold.Fold))];
    }
}
