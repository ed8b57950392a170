using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(DifferencesTransformer), null, typeof(SignatureLoadModel), "Series as differences",
    DifferencesTransformer.LoaderSignature)]

namespace Microsoft.ML.NTM;

/// <summary>
/// Windows of T + 1 rows as T steps of changes: the forecast columns, which stand first in a step, become their differences from the row
/// before; the other inputs stay. The label becomes its distance from the window's last row, or from the last one where the column is not
/// missing. Both of those are kept in columns of their own.
/// </summary>
internal sealed class DifferencesTransformer(IHostEnvironment environment, int forecastColumns)
    : SeriesStage(environment, nameof(DifferencesTransformer))
{
    internal const string LoaderSignature = "SequenceDifferences";

    internal static DifferencesTransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
        new(environment, SeriesStageFile.Load(context, LoaderSignature));

    protected override void SaveModel(ModelSaveContext ctx) => SeriesStageFile.Save(ctx, LoaderSignature, forecastColumns);

    protected override SeriesColumn[] Columns(DataViewSchema schema)
    {
        VectorDataViewType features = Steps(schema, "feature", SeriesColumns.Features);
        int rows = features.Dimensions[0], width = features.Dimensions[1];
        if (rows < 2 || width < forecastColumns)
            throw SequenceErrors.Schema("feature", SeriesColumns.Features, $"at least 2 steps of at least {forecastColumns} values",
                $"{features}");
        var made = new List<SeriesColumn>
        {
            new(SeriesColumns.Features, new VectorDataViewType(NumberDataViewType.Single, rows - 1, width),
                PackedOrigin.Skip(schema[SeriesColumns.Features], 1),
                [SeriesColumns.Features], (sources, room) => Changes(sources[0].Span, width, room(sources[0].Length - width))),
            new(SeriesColumns.LastValue, new VectorDataViewType(NumberDataViewType.Single, forecastColumns), null,
                [SeriesColumns.Features],
                (sources, room) => LastKnown(sources[0].Span, width, room(forecastColumns))),
        };
        if (schema.GetColumnOrNull(SeriesColumns.Label) is { } label)
        {
            VectorDataViewType type = Steps(schema, "label", SeriesColumns.Label);
            if (type.Dimensions[1] != forecastColumns)
                throw SequenceErrors.Schema("label", SeriesColumns.Label, $"{forecastColumns} values per step", $"{type}");
            made.Add(new(SeriesColumns.Label, type, label.Annotations, [SeriesColumns.Label, SeriesColumns.Features], (sources, room) =>
                Labels(sources[0].Span, sources[1].Span, width, room(sources[0].Length), distances: true)));
            made.Add(new(SeriesColumns.LabelValue, type, label.Annotations, [SeriesColumns.Label, SeriesColumns.Features],
                (sources, room) => Labels(sources[0].Span, sources[1].Span, width, room(sources[0].Length), distances: false)));
        }
        return [.. made];
    }

    private void Changes(ReadOnlySpan<float> values, int width, Span<float> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] = i % width < forecastColumns ? values[i + width] - values[i] : values[i + width];
    }

    private void LastKnown(ReadOnlySpan<float> window, int width, Span<float> into)
    {
        for (int column = 0; column < into.Length; column++)
            into[column] = LastKnown(window, width, column);
    }

    // Without anything to count from there is no answer, and nothing that it could be compared with.
    private void Labels(ReadOnlySpan<float> values, ReadOnlySpan<float> window, int width, Span<float> into, bool distances)
    {
        for (int i = 0; i < into.Length; i++)
        {
            float last = LastKnown(window, width, i % forecastColumns);
            into[i] = distances ? values[i] - last : float.IsNaN(last) ? float.NaN : values[i];
        }
    }

    // The window's last value of a column that is not missing; NaN where all of them are.
    private static float LastKnown(ReadOnlySpan<float> window, int width, int column)
    {
        int place = window.Length - width + column;
        while (float.IsNaN(window[place]) && place >= width)
            place -= width;
        return window[place];
    }
}
