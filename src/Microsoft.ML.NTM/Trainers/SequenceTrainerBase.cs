using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Trainers;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.NTM;

/// <summary>What all sequence trainers share: they read a data view, train a network and give a <see cref="SequenceTransformer"/>.</summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
public abstract class SequenceTrainerBase<TOptions> : ITrainerEstimator<SequenceTransformer, SequenceModelParameters>
    where TOptions : SequenceTrainerOptions
{
    private readonly IHost _host;
    private readonly TOptions _options;

    private protected SequenceTrainerBase(IHostEnvironment environment, string name, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionFaults.ThrowIfAny(options);
        _host = environment.Register(name);
        _options = options;
    }

    /// <summary>What ML.NET should do for the trainer: neither normalise nor cache.</summary>
    public TrainerInfo Info { get; } = new(normalization: false, caching: false);

    /// <summary>Trains on <paramref name="input"/>, which is streamed and may be larger than memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row cannot serve, training diverged, or the engine is not there; the message says which.</exception>
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
    /// <exception cref="ArgumentException">The initial model is of another network or other sequences; the message lists what differs.</exception>
    /// <inheritdoc cref="Fit(IDataView)"/>
    public SequenceTransformer Fit(IDataView trainData, IDataView? validationData, SequenceModelParameters? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _host.ThrowIfCancelled();

        // What is to be learned: columns, sizes, network.
        SequenceFormat format = FormatResolver.Resolve(trainData, _options.ToColumns());
        NetworkSpec network = format.Embed(_options.ToNetwork(format.InputSize, format.OutputSize));
        network.ThrowIfFaulty();
        int seed = _options.Seed ?? _host.Rand.Next();
        LabelClasses? classes = LabelClasses.Of(trainData.Schema[format.Label.ColumnName]);
        ParameterSet parameters = initialModel is null ? ParameterInitializer.Create(network, seed)
            : WarmStart.Continue(initialModel, network, format, classes);

        // What it is learned with.
        using var channels = new TrainingChannels(_host, _options.Progress);
        (int? gpu, bool fallback) = _host.Gpu();
        int threads = _options.NumberOfThreads ?? Environment.ProcessorCount;
        using IEngine engine = EngineFactory.Prepare(_options.Backend, gpu, fallback, network, format.Spec, threads, channels.Warn).Create();
        using HeldOutLoss? validation = validationData is null ? null
            : new HeldOutLoss(validationData, format, _options.BatchSize, engine, parameters);
        var loop = new TrainingLoop(engine, parameters, _options.ToTraining($"{network} {format.Spec} seed {seed}{WarmStart.Fingerprint(initialModel)}"), channels, validation is null ? null : validation.Compute);

        // Learning.
        channels.Info($"Training {network.Kind} with {parameters.Values.Length} parameters on the {engine.GetType().Name}, seed {seed}.");
        TrainingHistory history = loop.Run(first => Batches(trainData, format, seed, first), _options.StoppingToken);
        channels.Info($"Training ended after {history.Iterations} iterations: {history.StopReason}.");

        var model = new SequenceModelParameters(network, format, parameters, classes, history);
        return new SequenceTransformer(_host, model, _options.Backend, trainData.Schema[format.Features[0].ColumnName].Type);
    }

    /// <summary>The columns that <see cref="Fit(IDataView)"/>'s transformer will add.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => TrainerSchema.Output(inputSchema, _options.ToColumns());

    private IEnumerable<SequenceBatch> Batches(IDataView data, SequenceFormat format, int seed, long first)
    {
        using var batches = new TrainingBatches(data, format, _options.BatchSize, seed);
        batches.Skip(first);
        while (true)
            yield return batches.Next();
    }
}
