using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// Looks for options with which a trainer learns best: the given ones first, then others from the space. Bad trials are stopped early
    /// by their validation loss; every trial learns from as many sequences, whatever its batch size. The same seed and one parallel trial
    /// give the same sweep.
    /// </summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What trials are compared by; other data than the final test's.</param>
    /// <param name="start">The first trial's options; what the space does not vary stays as it is here.</param>
    /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No trial could be trained; the message says why the first could not.</exception>
    /// <exception cref="InvalidDataException">The journal's folder has another sweep, or is damaged.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled; with a journal, the sweep can go on later.</exception>
    /// <example>
    /// <code>
    /// SweepResult&lt;LstmTrainer.Options&gt; sweep =
    ///     ml.Sequence.Sweep(train, validation, new LstmTrainer.Options { ControllerSize = 8, NumberOfIterations = 60 });
    /// IDataView scored = sweep.Model.Transform(test);
    /// </code>
    /// </example>
    public SweepResult<TOptions> Sweep<TOptions>(IDataView trainData, IDataView validationData, TOptions start)
        where TOptions : SequenceTrainerOptions, new() => Sweep(trainData, validationData, start, new SweepOptions());

    /// <summary>
    /// Looks for options with which a trainer learns best, told how to go about it: as
    /// <see cref="Sweep{TOptions}(IDataView, IDataView, TOptions)"/>, which says what may go wrong.
    /// </summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What trials are compared by; other data than the final test's.</param>
    /// <param name="start">The first trial's options; what the space does not vary stays as it is here.</param>
    /// <param name="options">How to go about it.</param>
    /// <example>
    /// <code>
    /// SweepResult&lt;LstmTrainer.Options&gt; sweep = ml.Sequence.Sweep(train, validation,
    ///     new LstmTrainer.Options { ControllerSize = 16, LearningRate = 2e-3, NumberOfIterations = 60 },
    ///     new SweepOptions { NumberOfTrials = 4, Seed = 1 });
    /// Console.WriteLine($"{sweep.MetricName} {sweep.Best.Metric:F3} with a learning rate of {sweep.Options.LearningRate:G2}");
    /// </code>
    /// </example>
    public SweepResult<TOptions> Sweep<TOptions>(IDataView trainData, IDataView validationData, TOptions start, SweepOptions options)
        where TOptions : SequenceTrainerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        SweepSpace space = options.Space ?? SpaceReader.Read(start);
        TrialNeeds needs = TrialNeeds.Of(_context, space, start, trainData, options);
        var run = new SweepRun(_context, space, options, needs, TrialTraining.Describe(start), start.Seed);
        SweepResult found = run.Run(TrialTraining.OfTrainer(_context, start, trainData, validationData, options.Metric), trainData.Schema);
        return new SweepResult<TOptions>(found, SweepTrialContext.Settle(start, found.Best.Values, found.Best.Seed));
    }

    /// <summary>
    /// Looks for the settings with which a pipeline, of any estimators, learns best. A sequence trainer in it that is made with
    /// <see cref="SweepTrialContext.Apply{TOptions}"/> and holds back validation data can be stopped early; others are trained to their
    /// end.
    /// </summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What trials are compared by; other data than the final test's.</param>
    /// <param name="pipeline">Makes a trial's pipeline; called on several threads where trials run in parallel.</param>
    /// <param name="options">How to go about it; its space and its metric must be given.</param>
    /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
    /// <exception cref="InvalidOperationException">No trial could be trained; the message says why the first could not.</exception>
    /// <exception cref="InvalidDataException">The journal's folder has another sweep, or is damaged.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled; with a journal, the sweep can go on later.</exception>
    /// <example>
    /// <code>
    /// SweepResult found = ml.Sequence.Sweep(train, validation,
    ///     trial =&gt; ml.Sequence.Trainers.Lstm(trial.Apply(new LstmTrainer.Options { ControllerSize = 8, NumberOfIterations = 60 })),
    ///     new SweepOptions
    ///     {
    ///         NumberOfTrials = 3,
    ///         Space = SweepSpace.Of&lt;LstmTrainer.Options&gt;().Without("Optimizer"),
    ///         Metric = SweepMetric.OfSequences("Accuracy", higherIsBetter: true, metrics =&gt; metrics.ElementAccuracy),
    ///     });
    /// </code>
    /// </example>
    public SweepResult Sweep(
        IDataView trainData, IDataView validationData, Func<SweepTrialContext, IEstimator<ITransformer>> pipeline, SweepOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Metric is not { } metric || options.Space is not { } space)
            throw new ArgumentException("A sweep over pipelines needs the options' Metric and Space.", nameof(options));
        var run = new SweepRun(_context, space, options, TrialNeeds.Unknown, "pipeline", seed: null);
        return run.Run(TrialTraining.OfPipeline(_context, pipeline, trainData, validationData, metric), trainData.Schema);
    }
}
