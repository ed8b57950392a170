using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.NTM.Tests.Onnx;

/// <summary>A graph in ONNX Runtime, one thread.</summary>
internal sealed class OnnxSession : IDisposable
{
    public OnnxSession(byte[] model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR
        };
        Session = new InferenceSession(model, options);
    }

    public InferenceSession Session { get; }

    /// <summary>The graph that ML.NET makes of a fitted pipeline.</summary>
    public static OnnxSession Of(MLContext ml, ITransformer model, IDataView data, params string[] outputs)
    {
        using var stream = new MemoryStream();
        if (outputs.Length == 0)
            ml.Model.ConvertToOnnx(model, data, stream);
        else
            ml.Model.ConvertToOnnx(model, data, stream, outputs);
        return new OnnxSession(stream.ToArray());
    }

    public static NamedOnnxValue Input<T>(string name, T[] values, params int[] shape) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));

    /// <summary>All outputs by name.</summary>
    public Dictionary<string, Array> Run(IEnumerable<NamedOnnxValue> inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = Session.Run([.. inputs]);
        return results.ToDictionary(result => result.Name, result => result.Value switch
        {
            Tensor<float> numbers => (Array)numbers.ToArray(),
            Tensor<uint> keys => keys.ToArray(),
            Tensor<bool> truths => truths.ToArray(),
            Tensor<int> whole => whole.ToArray(),
            Tensor<long> whole => whole.ToArray(),
            Tensor<string> texts => texts.ToArray(),
            object other => throw new InvalidOperationException($"An output of type {other.GetType()}."),
        });
    }

    public void Dispose() => Session.Dispose();
}
