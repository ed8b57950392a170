using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Data.Packing;
using Microsoft.ML.NTM.Interop;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// The promise of <see cref="PackEstimator"/>: what <see cref="PackedDataView.OutputSchema"/> will give, before sizes are known.
/// </summary>
internal static class PackShape
{
    /// <summary>The shape of the packed table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static SchemaShape Output(SchemaShape table, PackOptions options)
    {
        var columns = new List<SchemaShape.Column>();
        if (options.SequenceColumnName is string id)
        {
            SchemaShape.Column column = SequenceShape.Find(table, "sequence", id);
            if (column.Kind != VectorKind.Scalar || column.ItemType is not PrimitiveDataViewType)
                throw SequenceErrors.Schema("sequence", id, "a scalar", SequenceShape.Describe(column));
            columns.Add(column);
        }
        if (options.OrderColumnName is string order)
        {
            SchemaShape.Column column = SequenceShape.Find(table, "order", order);
            if (column.Kind != VectorKind.Scalar || !OrderColumn.CanSortBy(column.ItemType))
                throw SequenceErrors.Schema("order", order, OrderColumn.Accepted(column.ItemType), SequenceShape.Describe(column));
        }
        foreach (PackColumn feature in options.Features)
            columns.Add(Steps(feature.Name, Sources(table, feature, "feature"), options.Window is not null,
                options.Window is not null ? [Overlap, .. s_origin] : s_origin));
        if (options.Label is PackColumn label)
            columns.Add(Label(label, Sources(table, label, "label"), options));
        return new SchemaShape(columns);
    }

    private static readonly SchemaShape.Column[] s_origin =
    [
        SchemaShapes.Column(PackedOrigin.SourcesKind, VectorKind.Vector, TextDataViewType.Instance),
        SchemaShapes.Column(PackedOrigin.SkippedKind, VectorKind.Scalar, NumberDataViewType.Int32),
    ];

    private static SchemaShape.Column Overlap => SchemaShapes.Column(WindowOverlap.Kind, VectorKind.Scalar, WindowOverlap.Type);

    private static SchemaShape.Column Label(PackColumn label, SchemaShape.Column[] sources, PackOptions options)
    {
        if (options.LabelPlacement == LabelPlacement.Last)
            return Column(label.Name, sources, sources is [{ Kind: VectorKind.Scalar }] ? VectorKind.Scalar : VectorKind.Vector);
        if (options.LabelPlacement == LabelPlacement.Following)
            return Column(label.Name, sources, VectorKind.Vector,
                SchemaShapes.Column(FollowingLabel.Kind, VectorKind.Scalar, BooleanDataViewType.Instance));
        return Steps(label.Name, sources, options.Window is not null);
    }

    private static SchemaShape.Column[] Sources(SchemaShape table, PackColumn column, string role)
    {
        SchemaShape.Column[] sources = [.. column.Sources.Select(name => SequenceShape.Find(table, role, name))];
        foreach (SchemaShape.Column source in sources)
        {
            bool alone = sources.Length == 1 && (source.IsKey || source.ItemType is BooleanDataViewType);
            if (source.Kind == VectorKind.VariableVector || !alone && (source.IsKey || !source.ItemType.Equals(NumberDataViewType.Single)))
                throw SequenceErrors.Schema(role, source.Name, PackedColumnType.Accepted(column, Item(source)),
                    SequenceShape.Describe(source));
        }
        return sources;
    }

    private static SchemaShape.Column Steps(string name, SchemaShape.Column[] sources, bool known, params SchemaShape.Column[] more) =>
        Column(name, sources, known ? VectorKind.Vector : VectorKind.VariableVector, more);

    private static SchemaShape.Column Column(string name, SchemaShape.Column[] sources, VectorKind kind,
        params SchemaShape.Column[] marks) =>
        sources[0].IsKey
        ? SchemaShapes.Column(name, kind, NumberDataViewType.UInt32, isKey: true, [.. sources[0].Annotations, .. marks])
        : SchemaShapes.Column(name, kind, sources[0].ItemType, annotations: marks);

    private static DataViewType Item(SchemaShape.Column source) => source.IsKey ? new KeyDataViewType(typeof(uint), 1) : source.ItemType;
}
