using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Onnx.Graphs;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>What the model scales by, as operators in double precision like its own: channels in the last dimension.</summary>
internal static class ScalingGraph
{
    /// <summary>z = (x - center) / deviation; beyond the limit, sign(z) (limit + ln(1 + |z| - limit)).</summary>
    public static Value Apply(ChannelScaling scaling, Value values)
    {
        OnnxGraph graph = values.Graph;
        Value z = (values.Cast(DataType.Double) - Channels(graph, scaling.Centers)) / Channels(graph, scaling.Deviations);
        if (scaling.Limit is { } limit)
        {
            Value size = z.Abs();
            Value far = z.Sign() * ((size + graph.Doubles(1 - (double)limit)).Log() + graph.Doubles(limit));
            z = far.Where(graph.Doubles(limit).Less(size), z);
        }
        return z.Cast(DataType.Float);
    }

    /// <summary>center + z deviation.</summary>
    public static Value Undo(ChannelScaling scaling, Value scaled)
    {
        OnnxGraph graph = scaled.Graph;
        Value values = Channels(graph, scaling.Centers) + scaled.Cast(DataType.Double) * Channels(graph, scaling.Deviations);
        return values.Cast(DataType.Float);
    }

    private static Value Channels(OnnxGraph graph, float[] values) => graph.Doubles(Array.ConvertAll(values, value => (double)value));
}
