using Microsoft.ML.Data;
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
        foreach (string name in columns.FeatureColumnNames)
        {
            SchemaShape.Column feature = Find(shape, "feature", name);
            if (feature.Kind == VectorKind.Scalar || !feature.IsKey && !feature.ItemType.Equals(NumberDataViewType.Single))
                throw SequenceErrors.Schema("feature", name, "a vector of Single or of keys, fixed or variable in size", Describe(feature));
        }
        SchemaShape.Column[] features = [.. columns.FeatureColumnNames.Select(name => Find(shape, "feature", name))];
        if (columns.EmbeddingSize > 0 && !features.Any(feature => feature.IsKey))
            throw SequenceErrors.NothingToEmbed(columns, string.Join(", ", features.Select(Describe)));
        SchemaShape.Column label = Find(shape, "label", columns.LabelColumnName);
        LabelKind kind = LabelFormat.KindOf(label.ItemType, label.IsKey)
            ?? throw SequenceErrors.Schema("label", label.Name, "Single, Boolean or keys, scalar or vector", Describe(label));
        LabelFormat.LossFor(kind, columns.Loss, label.Name);
        if (columns.ExampleWeightColumnName is string weight)
            CheckScalar(shape, "example weight", weight, NumberDataViewType.Single);
        bool isVector = label.Kind != VectorKind.Scalar;
        if (isVector && columns.Alignment == SequenceAlignment.AfterInput && columns.OutputLengthColumnName is string length)
        {
            CheckScalar(shape, "output length", length, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64,
                NumberDataViewType.Single);
        }
        return (kind, isVector);
    }

    private static void CheckScalar(SchemaShape shape, string role, string name, params DataViewType[] accepted)
    {
        SchemaShape.Column column = Find(shape, role, name);
        if (column.Kind != VectorKind.Scalar || column.IsKey || !accepted.Any(type => type.Equals(column.ItemType)))
            throw SequenceErrors.Schema(role, name, string.Join(" or ", accepted.Select(type => $"{type}")), Describe(column));
    }

    internal static SchemaShape.Column Find(SchemaShape shape, string role, string name)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name)
                return column;
        }
        throw SequenceErrors.Missing(role, name);
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
