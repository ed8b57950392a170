using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>A pipeline that forecasts one column of a table with one row per time step.</summary>
    /// <param name="columnName">The column to forecast, of Single.</param>
    /// <param name="horizon">Rows ahead, at least 1: all of them are answered at once.</param>
    /// <param name="window">Rows that a forecast is made from, at least 1.</param>
    /// <param name="form">In which form the network sees the series.</param>
    /// <param name="trainer">A sequence trainer of the columns <c>Features</c> and <c>Label</c>; null: an LSTM with its defaults.</param>
    /// <returns>An estimator of the table; its model's <c>Score</c> holds the forecast rows one after the other, in the column's own
    /// units.</returns>
    /// <exception cref="ArgumentException">An argument is not valid; the message names every fault.</exception>
    /// <example>
    /// <code>
    /// var model = ml.Sequence.Forecasting("Passengers", horizon: 12).Fit(table);
    /// Console.WriteLine(ml.Sequence.Forecast(model, table)[0]);
    /// </code>
    /// </example>
    public EstimatorChain<ITransformer> Forecasting(
        string columnName,
        int horizon = 1,
        int window = 24,
        SeriesForm form = SeriesForm.Differences,
        IEstimator<ITransformer>? trainer = null) =>
        Forecasting(new ForecastingOptions
        {
            ColumnNames = [columnName],
            Horizon = horizon,
            Window = window,
            Form = form,
            Trainer = trainer,
        });

    /// <summary>A pipeline that forecasts columns of a table with one row per time step, told everything.</summary>
    /// <param name="options">What to forecast, and from what.</param>
    /// <returns>
    /// An estimator of the table. Its model gives a row per window: <c>Score</c>, [horizon, columns] in the columns' own units, and
    /// <c>Label</c> where the table has it, for <see cref="Evaluate"/>.
    /// </returns>
    /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
    /// <example>
    /// <code>
    /// var forecasting = ml.Sequence.Forecasting(new ForecastingOptions
    /// {
    ///     ColumnNames = ["Demand", "Price"],
    ///     InputColumnNames = ["Temperature"],
    ///     SequenceColumnName = "Region",
    ///     Window = 12,
    ///     Horizon = 3,
    ///     Trainer = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
    ///     {
    ///         ControllerSize = 16,
    ///         LearningRate = 5e-3,
    ///         NumberOfIterations = 200,
    ///         DropoutRate = 0, // these curves have no noise; data that was measured has
    ///     }),
    /// });
    /// </code>
    /// </example>
    public EstimatorChain<ITransformer> Forecasting(ForecastingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfFaulty();
        IEstimator<ITransformer> trainer = options.Trainer ?? Trainers.Lstm();
        EstimatorChain<ITransformer> windows = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(Transforms.Pack(options.ToPacking()));
        if (options.Form == SeriesForm.Levels)
            return windows.Append(trainer);
        var environment = CatalogUtils.GetEnvironment(this);
        int columns = options.ColumnNames.Count;
        return windows.Append<ITransformer>(new DifferencesEstimator(environment, columns)).Append(trainer)
            .Append<ITransformer>(new LevelsEstimator(environment, columns));
    }

    /// <summary>The rows after the last of each series.</summary>
    /// <param name="model">A model that <see cref="Forecasting(ForecastingOptions)"/> trained, or another
    /// pipeline that packs windows with the labels that follow.</param>
    /// <param name="history">A table like the one trained on, with at least a window's rows of each series; a shorter series has no
    /// forecast.</param>
    /// <param name="horizon">
    /// How many rows; null: as many as the model answers at once. For more, its answers are fed back as its inputs, which needs a model
    /// without further inputs.
    /// </param>
    /// <returns>A forecast per series, in the order in which they first appear.</returns>
    /// <exception cref="ArgumentException">The model does not forecast, or not so far.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or the horizon is below 1.</exception>
    /// <exception cref="InvalidOperationException">No series has as many rows as a window.</exception>
    /// <example>
    /// <code>
    /// IReadOnlyList&lt;SeriesForecast&gt; next = ml.Sequence.Forecast(model, series, horizon: 3);
    /// Console.WriteLine(next[0]);
    /// </code>
    /// </example>
    public IReadOnlyList<SeriesForecast> Forecast(ITransformer model, IDataView history, int? horizon = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(history);
        if (horizon < 1)
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "At least one row must be forecast.");
        return new Forecaster(_context, model).Forecast(history, horizon);
    }
}
