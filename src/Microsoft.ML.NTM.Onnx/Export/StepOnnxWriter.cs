using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Onnx.Networks;
using Microsoft.ML.NTM.Transformers;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>
/// Writes one step of a sequence model: what the network carries from step to step comes in as inputs that may be left out (a sequence
/// begins) and goes out as outputs.
/// </summary>
internal sealed class StepOnnxWriter : ISequenceOnnxWriter
{
    /// <summary>
    /// What the names of carried tensors begin with; as outputs they end with <see cref="OutputSuffix"/>, as ML.NET's do.
    /// </summary>
    public const string StatePrefix = "State.", OutputSuffix = ".output";

    /// <summary>
    /// The optional input of models that answer after their input, [B, 1]: 0 reads a step, 1 says that the input is over, 2 answers.
    /// </summary>
    public const string KindInput = "StepKind";

    /// <inheritdoc/>
    public void Write(OnnxContext context, SequenceModelParameters model, DataViewSchema.DetachedColumn[] outputs)
    {
        EngineFactory.RequireSteps(model.Network);
        OnnxContextImpl pipeline = PipelineColumns.Check(context);
        string[] features = PipelineColumns.Features(context, model);
        string[] columns = [.. outputs.Select(output => context.AddIntermediateVariable(output.Type, output.Name))];
        var graph = new OnnxGraph(columns[0]);
        var tables = new ParameterTables(model.Network, model.Parameters);
        NetworkGraph network = NetworkGraph.Of(model.Network, model.Sequence, tables);

        Value inputs = Inputs(pipeline, model, FeatureGraph.Build(model.Format, tables, [.. features.Select(graph.Named)]).Squeeze(1));
        Value rows = inputs.Size(0);
        string[] states = [.. network.States.Select(state => AddState(pipeline, state))];
        Value[] carried = [.. network.States.Zip(states, (state, name) => state.ForEachRow(graph.Named(name), rows))];
        (Value[] next, Value seen) = network.Step(network.Project(inputs), carried);
        for (int i = 0; i < next.Length; i++)
            AddOutput(pipeline, graph, network.States[i], next[i]);

        // [B, T' = 1, O]
        var answers = new AnswerGraph(model, tables.Output(seen).Unsqueeze(1), graph.Longs([1], 1, 1, 1).Cast(DataType.Bool));
        for (int i = 0; i < outputs.Length; i++)
            GraphMerge.Rename(graph, answers.Column(outputs[i].Name), columns[i]);
        GraphMerge.Into(context, graph.Message);
    }

    // A delimiter and the steps that answer have no features.
    private static Value Inputs(OnnxContextImpl pipeline, SequenceModelParameters model, Value features)
    {
        if (model.Sequence.Alignment != SequenceAlignment.AfterInput)
            return features;
        string name = Optional(pipeline, KindInput, NumberDataViewType.Int64);
        pipeline.AddInitializer([0L], [1, 1], name, makeUniqueName: false);
        OnnxGraph graph = features.Graph;
        Value kind = graph.Named(name).Expand(Value.Concat(0, features.Size(0), graph.Longs(1)));
        return Value.Concat(1, features.Where(kind.Equal(graph.Longs(0)), graph.Float(0f)),
            kind.Equal(graph.Longs(1)).Cast(DataType.Float));
    }

    private static string AddState(OnnxContextImpl pipeline, NetworkState state)
    {
        string name = Optional(pipeline, StatePrefix + state.Name, Type(state));
        // ML.NET would describe a state of one number as [B, 1], whatever its dimensions.
        List<long> shape = pipeline.RetrieveShapeOrNull(name);
        shape.Clear();
        shape.AddRange([-1, .. state.Shape]);
        pipeline.AddInitializer(state.Initial, [1, .. state.Shape], name, makeUniqueName: false);
        return name;
    }

    private static string Optional(OnnxContextImpl pipeline, string name, DataViewType type)
    {
        pipeline.AddInputVariable(type, name);
        return pipeline.GetVariableName(name);
    }

    private static void AddOutput(OnnxContextImpl pipeline, OnnxGraph graph, NetworkState state, Value value)
    {
        string name = pipeline.AddIntermediateVariable(Type(state), StatePrefix + state.Name + OutputSuffix, skip: true);
        pipeline.AddOutputVariable(Type(state), name, [.. state.Shape]);
        GraphMerge.Rename(graph, value, name);
    }

    private static VectorDataViewType Type(NetworkState state) =>
        new(NumberDataViewType.Single, Array.ConvertAll(state.Shape, size => (int)size));
}
