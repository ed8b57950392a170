using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Evaluation.Folds;
using Microsoft.ML.NTM.Interop;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// Trains and evaluates an estimator on <paramref name="numberOfFolds"/> parts of the data, each time leaving one part out to
    /// evaluate on. No part tears a sequence or shares a window's rows with another.
    /// </summary>
    /// <remarks>
    /// <para>A pipeline that packs a table with sequence ids: each sequence as a whole is in one part. Windows over one series:
    /// <see cref="CrossValidateSeries"/>. Data that are windows already: blocks of time with gaps between them. All other data: as
    /// ML.NET's own.</para>
    /// <para>ML.NET's own <c>CrossValidate</c> and <c>TrainTestSplit</c> draw single rows and cannot know what belongs together: give
    /// them the column of ids as <c>samplingKeyColumnName</c>, and one series to <c>TakeRows</c> and <c>SkipRows</c>.</para>
    /// </remarks>
    /// <param name="data">Rows with features and label, or the table that the pipeline packs.</param>
    /// <param name="estimator">A pipeline that ends in a trainer.</param>
    /// <param name="numberOfFolds">How many parts, at least 2.</param>
    /// <param name="labelColumnName">The label, as the trainer sees it.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value here stay in the same part; null: as the remarks say.</param>
    /// <param name="seed">Seed of the cut where no sampling key is given; null: 0.</param>
    /// <exception cref="ArgumentException">The pipeline packs in a way that has no parts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or there is too little data for so many parts.</exception>
    /// <example>
    /// <code>
    /// var folds = ml.Sequence.CrossValidate(train, trainer, numberOfFolds: 3);
    /// Console.WriteLine(folds.Average(fold =&gt; fold.Metrics.ElementAccuracy));
    /// </code>
    /// </example>
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
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        PackOptions? pack = PackingOf(estimator);
        if (samplingKeyColumnName is null && pack is { SequenceColumnName: string id })
        {
            if (data.Schema.GetColumnOrNull(id) is null)
            {
                throw new ArgumentException($"The pipeline makes the column of sequence ids '{id}' itself, so the data has none to be "
                    + "split by: give the column that it is made of as samplingKeyColumnName.", nameof(estimator));
            }
            return Run(SequenceFolds.BySequence(data, id, numberOfFolds, seed ?? 0), estimator, labelColumnName);
        }
        if (pack is { SequenceColumnName: null })
        {
            if (samplingKeyColumnName is not null)
            {
                throw new ArgumentException($"Parts by '{samplingKeyColumnName}' would tear what the pipeline packs as one series: "
                    + "name the column of ids when packing (SequenceColumnName).", nameof(samplingKeyColumnName));
            }
            return CrossValidateSeries(data, estimator, numberOfFolds, labelColumnName);
        }
        if (samplingKeyColumnName is null && data.Schema.Max(WindowOverlap.Of) is int overlap and > 0)
            return Run(SequenceFolds.ByBlock(data, overlap, numberOfFolds), estimator, labelColumnName);
        return [.. CrossValidateTrain(data, estimator, numberOfFolds, samplingKeyColumnName, seed).Select(fold =>
            new CrossValidationResult<SequenceMetrics>(fold.Model, Evaluate(fold.Scores, labelColumnName), fold.Scores, fold.Fold))];
    }

    /// <summary>
    /// Rolling-origin evaluation of a pipeline that cuts windows from time series: each series is cut into
    /// <paramref name="numberOfFolds"/> + 1 blocks of time; fold k trains on the first k blocks and is evaluated on the next one. What
    /// is tested on is so always later than what was trained on.
    /// </summary>
    /// <param name="table">A table with one row per time step, each series' rows in order.</param>
    /// <param name="estimator">
    /// A pipeline that packs windows (see <see cref="SequenceTransforms.Pack(PackOptions)"/>, or
    /// <see cref="Forecasting(ForecastingOptions)"/>) and ends in a trainer.
    /// </param>
    /// <param name="numberOfFolds">How many parts, at least 1.</param>
    /// <param name="labelColumnName">The label, as the pipeline gives it.</param>
    /// <exception cref="ArgumentException">The pipeline cuts no windows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the series are too short for so many parts.</exception>
    /// <exception cref="InvalidOperationException">A series' rows are not in the order of time.</exception>
    /// <example>
    /// <code>
    /// foreach (var fold in ml.Sequence.CrossValidateSeries(series, forecasting, numberOfFolds: 3))
    ///     Console.WriteLine(fold.Metrics.RootMeanSquaredError);
    /// </code>
    /// </example>
    public IReadOnlyList<CrossValidationResult<SequenceMetrics>> CrossValidateSeries(
        IDataView table, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 1);
        PackOptions pack = PackingOf(estimator)
            ?? throw new ArgumentException("Rolling origins need a pipeline that packs a table into windows.", nameof(estimator));
        return Run(SequenceFolds.ByTime(table, pack, numberOfFolds), estimator, labelColumnName);
    }

    private static PackOptions? PackingOf(IEstimator<ITransformer> estimator) =>
        EstimatorChains.Parts(estimator).OfType<PackEstimator>().FirstOrDefault()?.Options;

    private CrossValidationResult<SequenceMetrics>[] Run(
        IEnumerable<(IDataView Training, IDataView Test)> folds, IEstimator<ITransformer> estimator, string labelColumnName) =>
        [.. folds.Select((fold, k) =>
        {
            ITransformer model = estimator.Fit(fold.Training);
            IDataView scored = model.Transform(fold.Test);
            return new CrossValidationResult<SequenceMetrics>(model, Evaluate(scored, labelColumnName), scored, k);
        })];
}
