using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Onnx.Networks;
using Microsoft.ML.NTM.Transformers;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>
/// Writes a sequence model into the graph that ML.NET makes of a pipeline (<c>ml.Model.ConvertToOnnx</c>). The core finds this class by
/// its name.
/// </summary>
internal sealed class SequenceOnnxWriter : ISequenceOnnxWriter
{
    /// <summary>The optional input that says how many steps each row has, [B, 1]; left out: as many as the columns hold.</summary>
    public const string LengthInput = "SequenceLength";

    /// <inheritdoc/>
    public void Write(OnnxContext context, SequenceModelParameters model, DataViewSchema.DetachedColumn[] outputs)
    {
        OnnxContextImpl pipeline = PipelineColumns.Check(context);
        string[] features = PipelineColumns.Features(context, model);
        string? outputLength = model.Sequence.OutputLengthColumnName is { } name
            ? PipelineColumns.Variable(context, "output length", name) : null;

        string[] columns = [.. outputs.Select(output => context.AddIntermediateVariable(output.Type, output.Name))];
        pipeline.AddInputVariable(NumberDataViewType.Int64, LengthInput);
        string lengths = context.GetVariableName(LengthInput);
        context.AddInitializer([long.MaxValue], [1, 1], lengths, makeUniqueName: false);

        var graph = new OnnxGraph(columns[0]);
        AnswerGraph answers = Answers(model, [.. features.Select(graph.Named)], graph.Named(lengths),
            outputLength is null ? null : graph.Named(outputLength).Cast(DataType.Int64).Reshape(-1, 1));
        for (int i = 0; i < outputs.Length; i++)
            GraphMerge.Rename(graph, answers.Column(outputs[i].Name), columns[i]);
        GraphMerge.Into(context, graph.Message);
    }

    private static AnswerGraph Answers(SequenceModelParameters model, Value[] features, Value lengths, Value? outputLengths)
    {
        var tables = new ParameterTables(model.Network, model.Parameters);
        Timeline time = Timeline.Of(model.Sequence, FeatureGraph.Build(model.Format, tables, features), lengths, outputLengths);
        Value rows = time.Inputs.Size(0);
        Value seen = NetworkGraph.Of(model.Network, model.Sequence, tables).Run(time.Inputs.Transpose(1, 0, 2), rows, time.Lengths)
            .Transpose(1, 0, 2);
        Value logits = tables.Output(time.At(seen, model.Network.HiddenSize + model.Network.ReadSize));
        return new AnswerGraph(model, logits, time.Answered);
    }
}
