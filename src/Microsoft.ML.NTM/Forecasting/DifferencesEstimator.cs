using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.Runtime;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.NTM;

/// <summary>Makes <see cref="DifferencesTransformer"/>s; there is nothing to learn.</summary>
internal sealed class DifferencesEstimator(IHostEnvironment environment, int forecastColumns) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        ColumnTypes.Find(input.Schema, "label", SeriesColumns.Label);
        var transformer = new DifferencesTransformer(environment, forecastColumns);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape.Column features = SequenceShape.Find(inputSchema, "feature", SeriesColumns.Features);
        SchemaShape.Column label = SequenceShape.Find(inputSchema, "label", SeriesColumns.Label);
        foreach (SchemaShape.Column column in new[] { features, label })
        {
            if (column.Kind != VectorKind.Vector || column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single))
                throw SequenceErrors.Schema("series", column.Name, "a vector of Single of fixed size", SequenceShape.Describe(column));
        }
        return inputSchema.With(
        [
            SchemaShapes.Column(SeriesColumns.Features, VectorKind.Vector, NumberDataViewType.Single, annotations: features.Annotations),
            SchemaShapes.Column(SeriesColumns.LastValue, VectorKind.Vector, NumberDataViewType.Single),
            SchemaShapes.Column(SeriesColumns.Label, VectorKind.Vector, NumberDataViewType.Single, annotations: label.Annotations),
            SchemaShapes.Column(SeriesColumns.LabelValue, VectorKind.Vector, NumberDataViewType.Single, annotations: label.Annotations),
        ]);
    }
}

/// <summary>Makes <see cref="LevelsTransformer"/>s; there is nothing to learn.</summary>
internal sealed class LevelsEstimator(IHostEnvironment environment, int forecastColumns) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input)
    {
        var transformer = new LevelsTransformer(environment, forecastColumns);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape.Column score = SequenceShape.Find(inputSchema, "score", SeriesColumns.Score);
        if (score.Kind == VectorKind.Scalar || !score.ItemType.Equals(NumberDataViewType.Single))
            throw SequenceErrors.Schema("score", score.Name, "a vector of Single, an answer for every row of the horizon",
                SequenceShape.Describe(score));
        SchemaShape.Column label = SequenceShape.Find(inputSchema, "label", SeriesColumns.LabelValue);
        return inputSchema.With(
        [
            SchemaShapes.Column(score.Name, score.Kind, NumberDataViewType.Single, annotations: score.Annotations),
            SchemaShapes.Column(SeriesColumns.Label, label.Kind, NumberDataViewType.Single, annotations: label.Annotations),
        ]);
    }
}
