using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;

namespace Microsoft.ML.NTM.Onnx.Graphs;

/// <summary>ML.NET writes -1 for the number of rows. Runtimes take it, but ONNX has a way of its own: a dimension with a name.</summary>
internal static class FreeRows
{
    /// <summary>Gives the rows of all inputs, outputs and described values the name <c>rows</c>.</summary>
    public static void Declare(GraphProto graph)
    {
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
        {
            foreach (TensorShapeProto.Types.Dimension dimension in value.Type.TensorType.Shape.Dim.Where(size => size.DimValue == -1))
                dimension.DimParam = "rows";
        }
    }
}
