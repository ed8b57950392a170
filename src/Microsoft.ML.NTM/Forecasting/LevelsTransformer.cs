using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(LevelsTransformer), null, typeof(SignatureLoadModel), "Forecasts as levels",
    LevelsTransformer.LoaderSignature)]

namespace Microsoft.ML.NTM;

/// <summary>
/// Takes back what <see cref="DifferencesTransformer"/> did: answers are added to the window's last row, and the label is as it was.
/// </summary>
internal sealed class LevelsTransformer(IHostEnvironment environment, int forecastColumns)
    : SeriesStage(environment, nameof(LevelsTransformer))
{
    internal const string LoaderSignature = "SequenceLevels";

    internal static LevelsTransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, SeriesStageFile.Load(context, LoaderSignature));

    protected override void SaveModel(ModelSaveContext ctx) => SeriesStageFile.Save(ctx, LoaderSignature, forecastColumns);

    protected override SeriesColumn[] Columns(DataViewSchema schema)
    {
        DataViewSchema.Column score = ColumnTypes.Find(schema, "score", SeriesColumns.Score);
        if (score.Type is not VectorDataViewType type || ColumnTypes.StepSize(type) != forecastColumns
            || !type.ItemType.Equals(NumberDataViewType.Single))
            throw SequenceErrors.Schema("score", score.Name, $"answers of {forecastColumns} values per step", $"{score.Type}");
        DataViewSchema.Column last = ColumnTypes.Find(schema, "series", SeriesColumns.LastValue);
        if (last.Type is not VectorDataViewType { IsKnownSize: true } lastType || lastType.Size != forecastColumns)
            throw SequenceErrors.Schema("series", last.Name, $"{forecastColumns} values", $"{last.Type}");
        var made = new List<SeriesColumn>
        {
            new(score.Name, type, score.Annotations, [score.Name, last.Name],
                (sources, room) => Add(sources[0].Span, sources[1].Span, room(sources[0].Length))),
        };
        if (schema.GetColumnOrNull(SeriesColumns.LabelValue) is { } label)
        {
            made.Add(new(SeriesColumns.Label, Steps(schema, "label", label.Name), label.Annotations, [label.Name],
                (sources, room) => sources[0].Span.CopyTo(room(sources[0].Length))));
        }
        return [.. made];
    }

    private static void Add(ReadOnlySpan<float> differences, ReadOnlySpan<float> last, Span<float> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] = differences[i] + last[i % last.Length];
    }
}
