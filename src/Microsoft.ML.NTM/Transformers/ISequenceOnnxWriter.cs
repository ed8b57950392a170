using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// Writes sequence models as ONNX. The core knows nothing of ONNX: the package Microsoft.ML.NTM.Onnx does, and is looked for when a
/// pipeline is exported.
/// </summary>
internal interface ISequenceOnnxWriter
{
    /// <summary>Adds the model and its <paramref name="outputs"/> to the graph of a pipeline.</summary>
    /// <exception cref="NotSupportedException">Something has no form in ONNX; the message says which column and why.</exception>
    void Write(OnnxContext context, SequenceModelParameters model, DataViewSchema.DetachedColumn[] outputs);
}

/// <summary>Finds the writer of the package Microsoft.ML.NTM.Onnx.</summary>
internal static class SequenceOnnxWriters
{
    private const string Package = "Microsoft.ML.NTM.Onnx";

    /// <summary>The writer.</summary>
    /// <exception cref="NotSupportedException">The application does not have the package.</exception>
    public static ISequenceOnnxWriter Find(string package = Package) =>
        Type.GetType($"{Package}.Export.SequenceOnnxWriter, {package}", throwOnError: false) is { } type
            ? (ISequenceOnnxWriter)Activator.CreateInstance(type)!
            : throw new NotSupportedException($"A sequence model is exported to ONNX by the package {package}; add it to the application.");
}
