using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Trainers;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.NTM;

/// <summary>What all sequence trainers share: they read a data view, train a network and give a <see cref="SequenceTransformer"/>.</summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
public abstract class SequenceTrainerBase<TOptions> : ITrainerEstimator<SequenceTransformer, SequenceModel>
    where TOptions : SequenceTrainerOptions
{
    private readonly IHost _host;
    private readonly TOptions _options;

    private protected SequenceTrainerBase(IHostEnvironment environment, string name, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(name);
        _options = options;
        OptionFaults.ThrowIfAny(options);
    }

    /// <summary>What ML.NET should do for the trainer: neither normalise nor cache.</summary>
    public TrainerInfo Info { get; } = new(normalization: false, caching: false);

    /// <summary>Trains on <paramref name="input"/>, which is streamed and may be larger than memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row cannot serve, or training diverged; the message says where and how.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public SequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _host.ThrowIfCancelled();
        SequenceFormat format = FormatResolver.Resolve(input, _options.ToColumns());
        NetworkSpec network = _options.ToNetwork(format.InputSize, format.OutputSize);
        int seed = _options.Seed ?? _host.Rand.Next();
        var parameters = ParameterInitializer.Create(network, seed);
        // TODO
        return new SequenceTransformer(_host, new SequenceModel(network, format, parameters, LabelClasses.Of(input.Schema[format.Label.ColumnName])), _options.Engine);
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer will add.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => TrainerSchema.Output(inputSchema, _options.ToColumns());
}
