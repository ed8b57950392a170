using Microsoft.ML.Model.OnnxConverter;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Graphs;

/// <summary>Takes a finished graph over into the one that ML.NET builds for a pipeline.</summary>
internal static class GraphMerge
{
    /// <summary>Lets <paramref name="value"/> be known under <paramref name="name"/>.</summary>
    public static void Rename(OnnxGraph graph, Value value, string name) =>
        graph.Message.Node.Add(new NodeProto
        {
            OpType = "Identity",
            Name = graph.Name("Identity"),
            Input = { value.Name },
            Output = { name }
        });

    /// <summary>Adds all nodes and constants.</summary>
    public static void Into(OnnxContext context, GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
            Add(context, tensor);
        foreach (NodeProto node in graph.Node)
        {
            var added = (OnnxNodeImpl)context.CreateNode(node.OpType, node.Input, node.Output, node.Name, domain: "");
            InternalAccess.Message(added).Attribute.Add(node.Attribute);
        }
    }

    private static void Add(OnnxContext context, TensorProto tensor)
    {
        bool single = tensor.Dims.Count == 0;
        _ = (DataType)tensor.DataType switch
        {
            DataType.Float when single => context.AddInitializer(tensor.FloatData[0], tensor.Name, makeUniqueName: false),
            DataType.Float => context.AddInitializer(tensor.FloatData, tensor.Dims, tensor.Name, makeUniqueName: false),
            DataType.Double => context.AddInitializer(tensor.DoubleData, tensor.Dims, tensor.Name, makeUniqueName: false),
            DataType.Int64 when single => context.AddInitializer(tensor.Int64Data[0], tensor.Name, makeUniqueName: false),
            DataType.Int64 => context.AddInitializer(tensor.Int64Data, tensor.Dims, tensor.Name, makeUniqueName: false),
            DataType other => throw new ArgumentException($"No constant of a graph holds {other}.", nameof(tensor)),
        };
    }
}
