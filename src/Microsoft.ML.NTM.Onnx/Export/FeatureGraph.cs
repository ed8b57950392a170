using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Onnx.Networks;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>From feature columns to the network's inputs: [B, T, F], as batches are filled, without the delimiter channel.</summary>
internal static class FeatureGraph
{
    /// <param name="format">The columns.</param>
    /// <param name="tables">The network's parameters, for its embedding.</param>
    /// <param name="columns">
    /// The columns' values in the format's order: [B, T * W] or [B, T, W], numbers or keys from 1 (0: missing).
    /// </param>
    public static Value Build(SequenceFormat format, ParameterTables tables, IReadOnlyList<Value> columns)
    {
        // What embeddings make stands first.
        var embedded = new List<Value>();
        var others = new List<Value>();
        Value? table = null;
        long offset = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            FeatureFormat feature = format.Features[i];
            if (feature.IsEmbedded)
            {
                table ??= Table(columns[i].Graph, feature.EmbeddingSize, tables);
                embedded.Add(Embedded(columns[i], feature, table.Value, offset));
                offset += feature.KeyCount;
            }
            else
            {
                others.Add(feature.IsKey ? OneHot(columns[i], feature) : Numbers(columns[i], feature));
            }
        }
        return Value.Concat(2, [.. embedded, .. others]);
    }

    // At unit scale; what is missing is 0 there, and 1 in its indicator where there is one.
    private static Value Numbers(Value column, FeatureFormat feature)
    {
        Value steps = column.Reshape(0, -1, feature.ValuesPerStep);
        Value scaled = feature.Scaling is { } scaling ? ScalingGraph.Apply(scaling, steps) : steps;
        if (feature.Missing == MissingFeatures.Error)
            return scaled;
        Value missing = scaled.IsNaN();
        Value filled = scaled.Graph.Float(0f).Where(missing, scaled);
        return feature.HasIndicators ? Value.Concat(2, filled, missing.Cast(DataType.Float)) : filled;
    }

    // Row 0 is the missing key: an empty step.
    private static Value Table(OnnxGraph graph, int size, ParameterTables tables)
    {
        float[] weights = tables.Find(ParameterNames.Embedding)!;
        return graph.Floats([.. new float[size], .. weights], weights.Length / size + 1, size);
    }

    private static Value Embedded(Value column, FeatureFormat feature, Value table, long offset)
    {
        Value keys = Keys(column, feature);
        if (offset > 0)
            keys = (keys + keys.Graph.Longs(offset)).Where(keys.Graph.Longs(0).Less(keys), keys.Graph.Longs(0));
        return table.Gather(keys).Reshape(0, 0, feature.Width);
    }

    private static Value OneHot(Value column, FeatureFormat feature)
    {
        Value all = column.Graph.Longs([.. Enumerable.Range(1, feature.KeyCount).Select(key => (long)key)], feature.KeyCount);
        return Keys(column, feature).Unsqueeze(-1).Equal(all).Cast(DataType.Float).Reshape(0, 0, feature.Width);
    }

    private static Value Keys(Value column, FeatureFormat feature) => column.Cast(DataType.Int64).Reshape(0, -1, feature.ValuesPerStep);
}
