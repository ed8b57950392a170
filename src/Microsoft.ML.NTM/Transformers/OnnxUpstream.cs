using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Data.Packing;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// Whether all that stands before a model in a pipeline can be written as ONNX. ML.NET leaves out what cannot, with everything before it
/// and a warning in the log; where such a transform replaces a column by one of the same name, the graph would silently be another than
/// the pipeline.
/// </summary>
internal static class OnnxUpstream
{
    /// <summary>Ends quietly where everything can be exported.</summary>
    /// <exception cref="NotSupportedException">Something cannot; the message says what it is and which columns it makes.</exception>
    public static void Check(IDataView? source, OnnxContext context)
    {
        for (; source is IDataTransform transform; source = transform.Source)
        {
            if (transform is not ITransformCanSaveOnnx step || !step.CanSaveOnnx(context))
            {
                throw Unsupported(transform.GetType().Name, transform.Schema, "has no ONNX form",
                    transform.Schema.Select(column => column.Name)
                        .Where(name => Count(transform.Schema, name) > Count(transform.Source.Schema, name)));
            }
        }
        // A table packed first of all is fine: the graph then takes packed sequences.
        if (source is PackedDataView { Table: IDataTransform } packed)
            throw Unsupported("Pack", packed.Schema, "makes one row of several, which ONNX cannot, and other transforms stand before it",
                packed.Schema.Select(column => column.Name));
    }

    private static NotSupportedException Unsupported(string step, DataViewSchema schema, string why, IEnumerable<string> columns)
    {
        string[] made = [.. columns.Distinct().Take(5)];
        string named = made.Length > 0 ? $"'{string.Join("', '", made)}'" : $"{schema.Count} columns";
        return new NotSupportedException($"The pipeline cannot be exported to ONNX: {step}, which makes {named}, {why}. Fit it and what "
            + "stands before it apart from the rest, and export the rest; what it makes is then the graph's input.");
    }

    private static int Count(DataViewSchema schema, string name) => schema.Count(column => column.Name == name);
}
