using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.NTM.Benchmarks.Peers;

/// <summary>Whole sequences of a model in ONNX Runtime; features and labels are both inputs of the graph that ML.NET writes.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtValue _features, _label;
    private readonly RunOptions _run = new();

    /// <param name="model">The graph.</param>
    /// <param name="threads">Threads of ONNX Runtime.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="features">Numbers of all rows, row after row.</param>
    /// <param name="labels">Numbers of a row's label.</param>
    public OnnxPeer(byte[] model, int threads, int rows, float[] features, int labels)
    {
        _session = Session(model, threads);
        _features = OrtValue.CreateTensorValueFromMemory(features, [rows, features.Length / rows]);
        _label = OrtValue.CreateTensorValueFromMemory(new float[rows * labels], [rows, labels]);
    }

    /// <summary>A workload's network as ONNX, with weights of one iteration.</summary>
    public static byte[] Export(Workload workload)
    {
        var ml = new MLContext(1);
        NetworkSpec network = workload.Network;
        var random = new Random(3);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        Row[] rows = [.. Enumerable.Range(0, 8).Select(_ =>
            new Row { Features = Draw(workload.Steps * network.InputSize), Label = Draw(workload.Steps * network.OutputSize) })];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, network.InputSize);
        schema[nameof(Row.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, network.OutputSize);
        IDataView data = ml.Data.LoadFromEnumerable(rows, schema);
        using SequenceTransformer model = Fit(ml, network, data);
        if (model.Model.Parameters.Layout.Length != new ParameterLayout(network).Length)
            throw new InvalidOperationException($"Expected {network}, trained {model.Model.Network}.");
        return Written(stream => ml.Model.ConvertToOnnx(model, data, stream, "Score"));
    }

    public static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    public static InferenceSession Session(byte[] model, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(model, options);
    }

    /// <summary>Scores all rows; gives the last number.</summary>
    public float Score()
    {
        using IDisposableReadOnlyCollection<OrtValue> results =
            _session.Run(_run, ["Features", "Label"], [_features, _label], ["Score.output"]);
        return results[0].GetTensorDataAsSpan<float>()[^1];
    }

    public void Dispose()
    {
        _session.Dispose();
        _features.Dispose();
        _label.Dispose();
        _run.Dispose();
    }

    private static SequenceTransformer Fit(MLContext ml, NetworkSpec network, IDataView data) => network.Kind switch
    {
        NetworkKind.Ntm => ml.Sequence.Trainers.Ntm(Filled(new NtmTrainer.Options
        {
            Controller = network.Controller,
            MemorySlots = network.MemorySlots,
            MemoryWidth = network.MemoryWidth,
        }, network)).Fit(data),
        NetworkKind.Dnc => ml.Sequence.Trainers.Dnc(Filled(new DncTrainer.Options
        {
            MemorySlots = network.MemorySlots,
            MemoryWidth = network.MemoryWidth,
            NumberOfReadHeads = network.NumberOfReadHeads,
        }, network)).Fit(data),
        _ => ml.Sequence.Trainers.Lstm(Filled(new LstmTrainer.Options { Bidirectional = network.Bidirectional }, network)).Fit(data),
    };

    private static T Filled<T>(T options, NetworkSpec network)
        where T : ControllerTrainerOptions
    {
        (options.NumberOfIterations, options.ControllerSize, options.OutputSize) = (1, network.ControllerSize, network.OutputSize);
        return options;
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }
}
