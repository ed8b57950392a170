using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>
/// A table with one row per time step, seen as one row per sequence: the sequence id (where there is one), the feature columns as vectors
/// [steps, values per step], and the label. Rows are streamed; a new cursor reads the table anew.
/// </summary>
internal sealed class PackedDataView : IDataView
{
    private readonly IDataView _table;
    private readonly PackOptions _options;
    private readonly Lazy<bool> _grouped;

    /// <summary>Sees <paramref name="table"/> packed, without label where its sources are not there.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public PackedDataView(IDataView table, PackOptions options)
    {
        _table = table;
        _options = options.For(table.Schema);
        _grouped = new Lazy<bool>(() => options.RowsAreGrouped ?? SequenceIdColumn.StandTogether(table, options.SequenceColumnName));
        Schema = OutputSchema(table.Schema, _options);
    }

    /// <summary>The table, one row per time step.</summary>
    public IDataView Table => _table;

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>The columns that packing makes of a table's.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static DataViewSchema OutputSchema(DataViewSchema table, PackOptions options)
    {
        options.ThrowIfFaulty();
        var builder = new DataViewSchema.Builder();
        if (options.SequenceColumnName is string id)
        {
            DataViewSchema.Column column = ColumnTypes.Find(table, "sequence", id);
            if (column.Type is not PrimitiveDataViewType)
                throw SequenceErrors.Schema("sequence", id, "a scalar", $"{column.Type}");
            builder.AddColumn(id, column.Type, column.Annotations);
        }
        if (options.OrderColumnName is string order)
        {
            DataViewSchema.Column column = ColumnTypes.Find(table, "order", order);
            if (!OrderColumn.CanSortBy(column.Type))
                throw SequenceErrors.Schema("order", order, OrderColumn.Accepted(column.Type), $"{column.Type}");
        }
        foreach (PackColumn feature in options.Features)
            PackedColumnType.Of(table, feature, "feature").WithOverlap(options).WithOrigin(table, feature).AddSteps(builder, feature.Name,
                options.Window);
        if (options.Label is PackColumn label)
            AddLabel(builder, PackedColumnType.Of(table, label, "label"), label, options);
        return builder.ToSchema();
    }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        var sources = new HashSet<string>();
        if (_options.SequenceColumnName is string id)
            sources.Add(id);
        if (_options.OrderColumnName is string order)
            sources.Add(order);
        foreach (PackColumn column in _options.Features.Append(_options.Label).OfType<PackColumn>())
        {
            if (active[Schema[column.Name].Index])
                sources.UnionWith(column.Sources);
        }
        PackOptions options = _options with { RowsAreGrouped = _grouped.Value };
        return new PackedCursor(_table.GetRowCursor(sources.Select(name => _table.Schema[name])), Schema, options, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static void AddLabel(DataViewSchema.Builder builder, PackedColumnType type, PackColumn label, PackOptions options)
    {
        if (options.LabelPlacement == LabelPlacement.Last)
            type.AddOne(builder, label.Name);
        else if (options.LabelPlacement == LabelPlacement.Following)
            type.AddSteps(builder, label.Name, options.Horizon, FollowingLabel.Mark(type.Annotations));
        else
            type.AddSteps(builder, label.Name, options.Window);
    }
}
