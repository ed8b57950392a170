using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Interop;

/// <summary>The annotations by which ML.NET's evaluators find and understand score columns; their names are internal to ML.NET.</summary>
internal static class ScoreAnnotations
{
    /// <summary>Kinds of score columns that ML.NET's own evaluators look for.</summary>
    public const string Binary = AnnotationUtils.Const.ScoreColumnKind.BinaryClassification,
        Multiclass = AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification,
        Regression = AnnotationUtils.Const.ScoreColumnKind.Regression;

    /// <summary>What a column of a set of score columns is.</summary>
    public const string Score = AnnotationUtils.Const.ScoreValueKind.Score,
        Probability = AnnotationUtils.Const.ScoreValueKind.Probability,
        PredictedLabel = AnnotationUtils.Const.ScoreValueKind.PredictedLabel;

    /// <summary>The set number that the next trainer's columns get: one more than any in the schema.</summary>
    public static uint NextSet(DataViewSchema schema) =>
        schema.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId, null) + 1;

    /// <summary>Adds set, kind and value kind.</summary>
    public static void Add(DataViewSchema.Annotations.Builder annotations, uint set, string columnKind, string valueKind)
    {
        annotations.Add(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, (ref uint value) => value = set);
        AddText(annotations, AnnotationUtils.Kinds.ScoreColumnKind, columnKind);
        AddText(annotations, AnnotationUtils.Kinds.ScoreValueKind, valueKind);
    }

    /// <summary>The kind of a score column, or null where it has none.</summary>
    public static string? ColumnKind(DataViewSchema.Column column) => Text(column, AnnotationUtils.Kinds.ScoreColumnKind);

    /// <summary>The column of the same set that has the probability, or null.</summary>
    public static DataViewSchema.Column? ProbabilityOf(DataViewSchema.Column score, DataViewSchema schema)
    {
        foreach (DataViewSchema.Column column in schema)
        {
            if (Set(column) is uint set && set == Set(score) && !column.IsHidden
                && Text(column, AnnotationUtils.Kinds.ScoreValueKind) == Probability)
                return column;
        }
        return null;
    }

    /// <summary>The promised annotations of any column of the set.</summary>
    public static IEnumerable<SchemaShape.Column> Shape() => AnnotationUtils.GetTrainerOutputAnnotation();

    /// <summary>The promised annotations of a multiclass score column for this label: its classes as slot names and label values.</summary>
    public static IEnumerable<SchemaShape.Column> MulticlassShape(SchemaShape.Column label) =>
        AnnotationUtils.AnnotationsForMulticlassScoreColumn(label);

    private static string? Text(DataViewSchema.Column column, string annotation)
    {
        if (column.Annotations.Schema.GetColumnOrNull(annotation)?.Type is not TextDataViewType)
            return null;
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(annotation, ref text);
        return text.ToString();
    }

    private static uint? Set(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.ScoreColumnSetId)?.Type is not KeyDataViewType)
            return null;
        uint set = 0;
        column.Annotations.GetValue(AnnotationUtils.Kinds.ScoreColumnSetId, ref set);
        return set;
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
