using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Checks the columns before there is data, as estimators do when they promise their output: a <see cref="SchemaShape"/> knows names,
/// item types and whether a column is a vector, but no sizes. <see cref="FormatResolver"/> checks the rest.
/// </summary>
internal static class SequenceShape
{
    /// <summary>What the label's values are, and whether it is a vector; from them follow the columns that a model adds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or can never serve.</exception>
    public static (LabelKind Kind, bool IsVector) Check(SchemaShape shape, SequenceColumns columns)
    {
        ColumnRules.RequireFeatures([.. columns.FeatureColumnNames.Select(name => ColumnKind.Of(Find(shape, "feature", name)))], columns);
        ColumnKind label = ColumnKind.Of(Find(shape, "label", columns.LabelColumnName));
        LabelKind kind = ColumnRules.RequireLabel(label, columns.Loss).Kind;
        if (columns.ExampleWeightColumnName is string weight)
            ColumnRules.RequireWeight(ColumnKind.Of(Find(shape, "example weight", weight)), label.IsVector);
        if (label.IsVector && AnswersLater(shape, columns) && columns.OutputLengthColumnName is string length)
            ColumnRules.RequireOutputLength(ColumnKind.Of(Find(shape, "output length", length)));
        return (kind, label.IsVector);
    }

    // The mark that says so is an annotation, of which a shape knows the name.
    private static bool AnswersLater(SchemaShape shape, SequenceColumns columns) => columns.Alignment == SequenceAlignment.AfterInput
        || Find(shape, "label", columns.LabelColumnName).Annotations.Any(annotation => annotation.Name == FollowingLabel.Kind);

    internal static SchemaShape.Column Find(SchemaShape shape, string role, string name)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name)
                return column;
        }
        throw SequenceErrors.Missing(role, name, shape.Select(column => column.Name));
    }

    internal static string Describe(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            VectorKind.Scalar => item,
            VectorKind.Vector => $"Vector<{item}>",
            _ => $"Vector<{item}, *>",
        };
    }
}
