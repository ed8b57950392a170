using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Trainers;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.NTM;

/// <summary>
/// What all sequence trainers share: they read a data view, train a network and give a <see cref="SequenceTransformer"/>.
/// </summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
public abstract class SequenceTrainerBase<TOptions> : ITrainerEstimator<SequenceTransformer, SequenceModelParameters>
    where TOptions : SequenceTrainerOptions
{
    private readonly IHost _host;
    private readonly TOptions _options;

    private protected SequenceTrainerBase(IHostEnvironment environment, string name, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = (TOptions)options.Copy();
        OptionFaults.ThrowIfAny(_options);
        _host = environment.Register(name);
    }

    /// <summary>What ML.NET should do for the trainer: neither normalise nor cache.</summary>
    public TrainerInfo Info { get; } = new(normalization: false, caching: false);

    /// <summary>
    /// Trains on <paramref name="input"/>, which is streamed and may be larger than memory; part of it may be held back to choose the best
    /// weights by (see <see cref="SequenceTrainerOptions.ValidationSetFraction"/>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row cannot serve, training diverged, or the engine is not there; the message says
    /// which.</exception>
    /// <exception cref="TrainingInterruptedException">The same after training had begun; the exception has the best model so
    /// far.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public SequenceTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on <paramref name="trainData"/> and keeps the weights that do best on <paramref name="validationData"/>.</summary>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public SequenceTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>Trains on, from the parameters of <paramref name="initialModel"/>: what a curriculum does, lesson by lesson.</summary>
    /// <remarks>
    /// The optimizer starts afresh. The model must be of the same network and of sequences of the same form; only the memory slots of a
    /// DNC may differ, since its parameters do not depend on them.
    /// </remarks>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What the best weights are chosen by, or null.</param>
    /// <param name="initialModel">The model to go on from, which stays as it is; null: fresh parameters.</param>
    /// <exception cref="ArgumentException">The initial model is of another network or other sequences; the message lists what
    /// differs.</exception>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public SequenceTransformer Fit(IDataView trainData, IDataView? validationData, SequenceModelParameters? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _host.ThrowIfCancelled();
        using var channels = new TrainingChannels(_host, _options.Progress);

        // What is to be learned: columns, sizes, network; and from which rows.
        SequenceFormat format = FormatResolver.Resolve(trainData, _options.ToColumns());
        NetworkSpec network = format.Embed(_options.ToNetwork(format.InputSize, format.OutputSize));
        network.ThrowIfFaulty();
        (int? gpu, bool fallback) = _host.Gpu();
        if (_options.Backend != SequenceBackend.Torch && gpu is null)
            _ = EngineWarmUp.Start(network, trains: true);
        LabelClasses? classes = LabelClasses.Of(trainData.Schema[format.Label.ColumnName]);
        HoldOut data = DataPasses.Named("the pass that counts the training data", () => Split(trainData, validationData, format));
        if (data.Validation is not null)
            OrderedBatches.RequireRows(data.Validation, format, "validation data");
        format = TrainingForm.Measure(data.Training, format, _options.ToColumns(), initialModel?.Format, channels, out long rows);

        // What it is learned with, and where it begins.
        int threads = _options.NumberOfThreads ?? Environment.ProcessorCount;
        EngineChoice choice = EngineFactory.Prepare(new EngineRequest(_options.Backend, gpu, fallback), network, format, threads,
            _options.ToGradients(), channels.Warn);
        using IEngine engine = choice.Create();
        using CheckpointStore? checkpoints = _options.CheckpointFolder is not string folder ? null : CheckpointStore.Open(
            folder, IdentityParts.Of(_options, network, format, data, initialModel, choice.Name), _options.Seed, _host.Rand.Next);
        int seed = checkpoints?.Seed ?? _options.Seed ?? _host.Rand.Next();
        ParameterSet parameters = initialModel is null ? ParameterInitializer.Create(network, seed)
            : WarmStart.Continue(initialModel, network, format, classes);
        using HeldOutLoss? validation = data.Validation is null ? null
            : new HeldOutLoss(new OrderedBatches(data.Validation, format, ColumnUse.Training, _options.BatchSize,
                passes: new DataPasses("validation data")), engine, parameters);

        // Learning.
        SequenceTransformer Trained(TrainingHistory history) =>
            new(_host, new SequenceModelParameters(network, format, parameters, classes, history),
            _options.Backend, trainData.Schema[format.Features[0].ColumnName].Type);
        var loop = new TrainingLoop(engine, parameters, _options.ToTraining(checkpoints), channels,
            validation is null ? null : validation.Compute);
        channels.Note($"Training {network.Kind} with {parameters.Values.Length} parameters on the {choice.Name}, seed {seed}"
            + (validation is null ? "." : $", validated every {_options.ValidationInterval} iterations."));
        try
        {
            TrainingHistory history = loop.Run(first => Batches(data.Training, format, seed, first, rows), _options.StoppingToken);
            channels.Note($"Training ended after {history.Iterations} iterations: {history.StopReason}.");
            return Trained(history);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or TrainingDivergedException) && loop.Salvage() is { } soFar)
        {
            throw new TrainingInterruptedException(Trained(soFar), fault);
        }
    }

    private HoldOut Split(IDataView trainData, IDataView? validationData, SequenceFormat format)
    {
        long most = Math.Max(1_000, (long)_options.ValidationInterval * _options.BatchSize / 2);
        HoldOut data = (validationData ?? _options.ValidationSet) is { } given ? new HoldOut(trainData, given)
            : HoldOut.Split(trainData, _options.ValidationSetFraction, most, format.Features.Select(feature => feature.ColumnName));
        if (data.Validation is null && _options.EarlyStoppingPatience is int patience)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"EarlyStoppingPatience = {patience} needs validation data: a ValidationSet, or a ")
                + FormattableString.Invariant(
                    $"ValidationSetFraction (it is {_options.ValidationSetFraction}) of at least {HoldOut.FewestRows} rows."));
        }
        return data;
    }

    /// <summary>The columns that <see cref="Fit(IDataView)"/>'s transformer will add.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => TrainerSchema.Output(inputSchema, _options.ToColumns());

    private IEnumerable<SequenceBatch> Batches(IDataView data, SequenceFormat format, int seed, long first, long rowsSeen)
    {
        using var batches = new TrainingBatches(data, format, _options.BatchSize, seed, passes: new DataPasses("training data", rowsSeen));
        for (long iteration = 0; ; iteration++)
        {
            batches.MaxInputSteps = _options.LongestInput(iteration);
            if (iteration < first)
                batches.Skip(1);
            else
                yield return batches.Next();
        }
    }
}
