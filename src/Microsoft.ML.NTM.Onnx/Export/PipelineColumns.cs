using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>The columns that a model reads, in the graph that ML.NET makes of a pipeline.</summary>
internal static class PipelineColumns
{
    /// <summary>The oldest opset that has every operator in use.</summary>
    private const int OldestOpset = 11;

    /// <summary>ML.NET's graph.</summary>
    /// <exception cref="NotSupportedException">It is another kind of graph.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An older opset was asked for.</exception>
    public static OnnxContextImpl Check(OnnxContext context)
    {
        context.CheckOpSetVersion(OldestOpset, nameof(SequenceTransformer));
        return context as OnnxContextImpl
            ?? throw new NotSupportedException($"Expected the ONNX graph of Microsoft.ML.OnnxConverter, got {context.GetType()}.");
    }

    /// <summary>The names of the feature columns' values, in the model's order.</summary>
    public static string[] Features(OnnxContext context, SequenceModelParameters model) =>
        [.. model.Format.Features.Select(feature => Variable(context, "feature", feature.ColumnName))];

    /// <summary>The name of a column's values.</summary>
    /// <exception cref="NotSupportedException">Whatever makes the column is not in the graph.</exception>
    public static string Variable(OnnxContext context, string role, string column) =>
        context.ContainsColumn(column) ? context.GetVariableName(column) : throw new NotSupportedException(
            $"The pipeline cannot be exported to ONNX: its {role} column '{column}' is made by a step before the model that has no "
            + "ONNX form. Fit that step apart from the rest, and export the rest; its input is then that column.");
}
