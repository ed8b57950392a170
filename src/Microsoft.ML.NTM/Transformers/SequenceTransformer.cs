using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(SequenceTransformer), null, typeof(SignatureLoadModel), "Sequence model",
    SequenceTransformer.LoaderSignature)]

namespace Microsoft.ML.NTM;

/// <summary>
/// A trained sequence model in an ML.NET pipeline. It adds <c>Score</c>; <c>PredictedLabel</c> unless the loss is squared error; and
/// <c>Probability</c> for a scalar Boolean label. It may score on several threads at once.
/// </summary>
public sealed partial class SequenceTransformer : RowToRowTransformerBase, ITransformer,
    ISingleFeaturePredictionTransformer<SequenceModelParameters>, IDisposable
{
    internal const string LoaderSignature = "SequenceTransformer";

    private readonly SequenceBackend _backend;
    private readonly EngineChoice _engine, _batchEngine;
    private readonly Lock _engineLock = new();
    private EnginePool _engines, _batchEngines;
    private Func<DataViewRow, SequenceFormat, IAnswers>? _answerSteps;

    internal SequenceTransformer(IHostEnvironment environment, SequenceModelParameters model, SequenceBackend engine,
        DataViewType? featureType = null)
        : base(environment.Register(nameof(SequenceTransformer)))
    {
        (Model, _backend) = (model, engine);
        (int? gpu, bool fallback) = Host.Gpu();
        var request = new EngineRequest(engine, gpu, fallback);
        // Rows one by one are often asked for by many threads; a batch may use all there are.
        _engine = EngineFactory.Prepare(request, model.Network, model.Format, threads: 1, GradientSettings.Exact, Host.Warn);
        _batchEngine = EngineFactory.Prepare(request, model.Network, model.Format, Environment.ProcessorCount, GradientSettings.Exact,
            _ => { });
        (_engines, _batchEngines) = CreatePools();
        FeatureColumnType = featureType ?? AnswerColumns.FeatureType(model.Format);
    }

    /// <summary>The network and its parameters.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>The column that holds the sequences; the first, where there are several.</summary>
    public string FeatureColumnName => Model.Format.Features[0].ColumnName;

    /// <summary>The type of <see cref="FeatureColumnName"/>.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>
    /// Writes the parameters as a safetensors file, readable from Python: the names and shapes of <see cref="ParameterLayout"/>, float32.
    /// Among the metadata, as JSON: the <c>network</c>, the <c>sequence</c> and the <c>columns</c> with the scaling of their numbers.
    /// <see cref="SequenceCatalog.LoadSafetensors(string)"/> makes the same transformer of it.
    /// </summary>
    /// <exception cref="ArgumentException">A parameter was changed to a number that is not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportSafetensors(string path)
    {
        var content = new MemoryStream();
        SafetensorsWriter.Write(content, Model.Parameters, new Dictionary<string, string>
        {
            ["network"] = Encoding.UTF8.GetString(SpecJson.Write(Model.Network)),
            ["sequence"] = Encoding.UTF8.GetString(SpecJson.Write(Model.Sequence)),
            ["columns"] = Encoding.UTF8.GetString(SequenceDescription.Of(Model).ToJson()),
        });
        using FileStream file = File.Create(path);
        content.WriteTo(file);
    }

    /// <summary>
    /// The same model with other weights: those of a TorchSharp module (<see cref="Torch.SequenceCell{TState}.ToParameterSet"/>), or
    /// changed ones. Columns, scaling and classes stay; the training's history does not.
    /// </summary>
    /// <param name="parameters">Parameters of a network of the same sizes and kinds.</param>
    /// <exception cref="ArgumentException">They are those of another network.</exception>
    public SequenceTransformer WithParameters(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.Slices.Select(Described).SequenceEqual(Model.Parameters.Layout.Slices.Select(Described)))
            throw new ArgumentException("The parameters are those of another network than the model's.", nameof(parameters));
        var model = new SequenceModelParameters(Model.Network, Model.Format, parameters, Model.Classes);
        return new SequenceTransformer(Host, model, _backend, FeatureColumnType);

        static string Described(ParameterSlice slice) => $"{slice.Name} [{string.Join(", ", slice.Shape)}]";
    }

    /// <summary>
    /// Releases the engines and the memory they hold. Whatever still scores goes on, and scoring again makes new ones: a
    /// <c>PredictionEngine</c> disposes the transformer that it was made of, and other engines may share it.
    /// </summary>
    public void Dispose()
    {
        lock (_engineLock)
        {
            _engines.Dispose();
            _batchEngines.Dispose();
            (_engines, _batchEngines) = CreatePools();
        }
    }

    /// <summary>Who writes the model into the ONNX graph of a pipeline; null: who writes whole sequences.</summary>
    internal ISequenceOnnxWriter? OnnxWriter { get; init; }

    /// <summary>The same model for rows that are steps of sequences, answered by whoever keeps those sequences.</summary>
    internal SequenceTransformer ForSteps(IHostEnvironment environment, Func<DataViewRow, SequenceFormat, IAnswers> answers) =>
        new(environment, StepByStep(), SequenceBackend.Managed, FeatureColumnType) { _answerSteps = answers };

    /// <summary>The same model for rows that are steps, as <paramref name="writer"/> writes it.</summary>
    internal SequenceTransformer ForSteps(IHostEnvironment environment, ISequenceOnnxWriter writer) =>
        new(environment, StepByStep(), SequenceBackend.Managed, FeatureColumnType) { OnnxWriter = writer };

    // How many answers a sequence has is asked of steps one by one.
    private SequenceModelParameters StepByStep()
    {
        SequenceFormat format = Model.Format with { Spec = Model.Sequence with { OutputLengthColumnName = null } };
        return new SequenceModelParameters(Model.Network, format, Model.Parameters, Model.Classes);
    }

    /// <summary>Answers the row that <paramref name="row"/> stands on: scores it, with an engine of its own.</summary>
    private IAnswers CreateAnswers(DataViewRow row)
    {
        if (_answerSteps is not null)
            return _answerSteps(row, Model.Format);
        lock (_engineLock)
            return new RowScorer(row, Model, _engines);
    }

    /// <summary>
    /// Adds the model's columns to <paramref name="input"/>; rows are scored when the result is read. Cursors read some rows ahead and
    /// score them by the batch, on all cores where there is work for them; a row's values do not depend on its company. Where a column
    /// is asked for that cannot be kept meanwhile, as a picture, rows are scored one by one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or differs from the training data's.</exception>
    public new IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rowByRow = new RowToRowMapperTransform(Host, input, new RowMapper(this, input.Schema, input), MakeRowMapper);
        return _answerSteps is null ? new LookAheadView(input, rowByRow, this) : rowByRow;
    }

    private (EnginePool OneByOne, EnginePool Batches) CreatePools() =>
        (new EnginePool(_engine.Create, Model.Parameters), new EnginePool(_batchEngine.Create, Model.Parameters));

    internal static SequenceTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        bool managed = environment.Gpu().GpuDeviceId is null;
        SequenceModelParameters model = SequenceModelFile.Load(context, network => _ = managed ? EngineWarmUp.Start(network) : null);
        return new SequenceTransformer(environment, model, SequenceBackend.Auto);
    }

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new RowMapper(this, schema);

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx) => SequenceModelFile.Save(Model, ctx);
}
