using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Onnx.Export;
using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Transformers.Steps;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;

namespace Microsoft.ML.NTM;

/// <summary>
/// ONNX for <see cref="SequenceCatalog"/>. Whole sequences need no call of their own: <c>ml.Model.ConvertToOnnx</c> exports pipelines
/// with sequence models.
/// </summary>
public static partial class SequenceOnnxCatalog
{
    /// <summary>
    /// Writes one step of a sequence model as ONNX (opset 12), for sequences that are not over yet: feature columns [B, values of one
    /// step] and the network's state in, the answer's columns (<c>Score.output</c>, ...) and the next state out. An output
    /// <c>State.x.output</c> is the next step's input <c>State.x</c>; a sequence begins where the state inputs are left out. Models that
    /// answer after their input have the optional input
    /// <c>StepKind</c>: 0 (the default) reads a step, 1 says that the input is over, 2 asks for an answer; 1 and 2 ignore the features.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Sequence</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to write.</param>
    /// <example>
    /// <code>
    /// using FileStream file = File.Create("step.onnx");
    /// ml.Sequence.ExportStepOnnx(model.LastTransformer, file);
    /// </code>
    /// </example>
    public static void ExportStepOnnx(this SequenceCatalog catalog, SequenceTransformer model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        var schema = new DataViewSchema.Builder();
        foreach (Data.FeatureFormat feature in model.Model.Format.Features)
        {
            PrimitiveDataViewType item = feature.IsKey ? new KeyDataViewType(typeof(uint), feature.KeyCount) : NumberDataViewType.Single;
            schema.AddColumn(feature.ColumnName, new VectorDataViewType(item, feature.ValuesPerStep));
        }
        ExportStepOnnx(catalog, model, schema.ToSchema(), stream);
    }

    /// <summary>
    /// Writes one step of a pipeline with a sequence model as ONNX, transforms before and after the model included: as
    /// <see cref="ExportStepOnnx(SequenceCatalog, SequenceTransformer, Stream)"/>, with the pipeline's own input columns.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Sequence</c>.</param>
    /// <param name="model">
    /// The pipeline; every transform in it takes one step at a time and has an ONNX form. Where it packs a table, a step is a row of that
    /// table.
    /// </param>
    /// <param name="stepSchema">
    /// The columns that the pipeline reads, with the values of one step. Columns that no answer depends on are left out of the graph.
    /// </param>
    /// <param name="stream">Where to write. Nothing is written where something cannot be exported.</param>
    /// <exception cref="ArgumentException">
    /// The pipeline has no or several sequence models, or a transform that needs several rows.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="NotSupportedException">A transform has no ONNX form; the message names the column that it makes.</exception>
    public static void ExportStepOnnx(this SequenceCatalog catalog, ITransformer model, DataViewSchema stepSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stepSchema);
        ArgumentNullException.ThrowIfNull(stream);
        IHostEnvironment environment = CatalogUtils.GetEnvironment(catalog);
        ITransformer pipeline = new StepPipeline(environment, model, "A graph of one step").Build(new StepOnnxWriter());
        DataViewSchema made = pipeline.GetOutputSchema(stepSchema);
        string[] given = [.. stepSchema.Select(column => column.Name)];
        string[] outputs = [.. made.Select(column => column.Name).Except(given)];
        var needed = new DataViewSchema.Builder();
        needed.AddColumns(pipeline.GetRowToRowMapper(stepSchema).GetDependencies(made.Where(column => outputs.Contains(column.Name))));
        ModelProto graph = new ModelOperationsCatalog(environment).ConvertToOnnxProtobuf(pipeline,
            new EmptyDataView(environment, needed.ToSchema()), outputs);
        FreeRows.Declare(graph.Graph);
        graph.WriteTo(stream);
    }
}
