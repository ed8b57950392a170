using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>What a column is, as far as it is known before there is data; the same of a promised column and of a real one.</summary>
/// <param name="Name">The column.</param>
/// <param name="Item">Type of its values; of keys, what they are held in.</param>
/// <param name="IsKey">Whether its values are keys.</param>
/// <param name="IsVector">Whether it is a vector.</param>
/// <param name="Type">Its type in words.</param>
internal readonly record struct ColumnKind(string Name, DataViewType Item, bool IsKey, bool IsVector, string Type)
{
    public static ColumnKind Of(DataViewSchema.Column column) => new(column.Name, ColumnTypes.ItemType(column.Type),
        ColumnTypes.ItemType(column.Type) is KeyDataViewType, column.Type is VectorDataViewType, $"{column.Type}");

    public static ColumnKind Of(SchemaShape.Column column) => new(column.Name, column.ItemType, column.IsKey,
        column.Kind != SchemaShape.Column.VectorKind.Scalar, SequenceShape.Describe(column));

    /// <summary>Whether its values are Single.</summary>
    public bool IsSingle => !IsKey && Item.Equals(NumberDataViewType.Single);
}

/// <summary>
/// Which columns can serve as what: the one place that says so, for estimators that promise (<see cref="SequenceShape"/>), for training
/// (<see cref="FormatResolver"/>) and for scoring (<see cref="SequenceSchema"/>). Errors say what would cure the column.
/// </summary>
internal static class ColumnRules
{
    private static readonly DataViewType[] s_lengths =
        [NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.Single];

    /// <summary>Feature columns: vectors of Single or of keys, and keys among them where keys are to be embedded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One can never serve.</exception>
    public static void RequireFeatures(IReadOnlyCollection<ColumnKind> features, SequenceColumns columns)
    {
        foreach (ColumnKind feature in features)
        {
            if (!feature.IsVector || !(feature.IsKey || feature.IsSingle))
            {
                throw SequenceErrors.Schema("feature", feature.Name, "a vector of Single or of keys, fixed or variable in size",
                    feature.Type + FeatureCure(feature));
            }
        }
        if (columns.EmbeddingSize > 0 && !features.Any(feature => feature.IsKey))
            throw SequenceErrors.NothingToEmbed(columns, string.Join(", ", features.Select(feature => feature.Type)));
    }

    /// <summary>The label, and the loss that it is trained with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It can never serve, or not with the loss that is asked for.</exception>
    public static (LabelKind Kind, SequenceLoss Loss) RequireLabel(ColumnKind label, SequenceLoss option)
    {
        LabelKind kind = LabelFormat.KindOf(label.Item, label.IsKey)
            ?? throw SequenceErrors.Schema("label", label.Name, "Single, Boolean or keys, scalar or vector", label.Type + LabelCure(label));
        return (kind, LabelFormat.LossFor(kind, option, label.Name));
    }

    /// <summary>Example weights: one per row, or per output step of a label with many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column can never serve.</exception>
    public static void RequireWeight(ColumnKind weight, bool labelIsVector)
    {
        if (!weight.IsSingle || weight.IsVector && !labelIsVector)
        {
            throw SequenceErrors.Schema("example weight", weight.Name, labelIsVector ? "Single, scalar or vector" : "Single",
                weight.Type + (weight.IsVector ? "" : NumberCure(weight)));
        }
    }

    /// <summary>How many steps a row's answer has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column can never serve.</exception>
    public static void RequireOutputLength(ColumnKind length)
    {
        if (length.IsVector || length.IsKey || !s_lengths.Any(type => type.Equals(length.Item)))
            throw SequenceErrors.Schema("output length", length.Name, string.Join<DataViewType>(" or ", s_lengths), length.Type);
    }

    /// <summary>What makes a feature column of such a column, in brackets; empty where nothing is known.</summary>
    public static string FeatureCure(ColumnKind column)
    {
        string type = column.Item is TextDataViewType ? "MapValueToKey makes keys of texts" : Converted(column);
        string shape = column.IsVector ? "" : "Concatenate makes a vector of columns, Sequence.Transforms.Pack one of rows";
        return Bracket(type, shape);
    }

    private static string LabelCure(ColumnKind column) =>
        Bracket(column.Item is TextDataViewType ? "MapValueToKey makes classes of texts" : Converted(column));

    private static string NumberCure(ColumnKind column) => Bracket(Converted(column));

    private static string Converted(ColumnKind column)
    {
        bool converts = !column.IsKey && !column.IsSingle && column.Item is NumberDataViewType or BooleanDataViewType;
        return converts ? "ConvertType makes Single of it" : "";
    }

    private static string Bracket(params string[] cures) =>
        cures.Any(cure => cure != "") ? $" ({string.Join("; ", cures.Where(cure => cure != ""))})" : "";
}
