using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>Goes over a table and stops at each sequence, or at each window of one.</summary>
internal sealed class PackedCursor : DataViewRowCursor
{
    private readonly SequenceRows _rows;
    private readonly PackOptions _options;
    private readonly bool[] _active;
    private readonly StepColumn?[] _columns;
    private long _position = -1;
    private bool _done;
    private bool _started;

    public PackedCursor(DataViewRowCursor table, DataViewSchema schema, PackOptions options, bool[] active)
    {
        Schema = schema;
        _options = options;
        _active = active;
        _columns = new StepColumn?[schema.Count];
        foreach (PackColumn column in options.Features.Append(options.Label).OfType<PackColumn>())
        {
            int index = schema[column.Name].Index;
            if (active[index])
                _columns[index] = StepColumn.Create(table, column, PackedColumnType.Of(table.Schema, column, "packed").Width);
        }
        bool canBeMissing = options.Label is null || ColumnTypes.ItemType(schema[options.Label.Name].Type) is not BooleanDataViewType;
        bool unlabeled = options.Label is null || options.IncludeUnlabeled && canBeMissing;
        _rows = new SequenceRows(table, options, [.. _columns.OfType<StepColumn>()], unlabeled);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public override bool MoveNext()
    {
        if (!_done && _rows.MoveNext(_started))
        {
            _started = true;
            _position++;
            return true;
        }
        _done = true;
        _position = -1;
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId id) => id = _position < 0 ? default : PackedOrigin.Id(_rows.FirstTableRow, _rows.AreInOrder);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        Delegate getter = _columns[column.Index] switch
        {
            StepColumn<float> numbers => Getter(numbers, column),
            StepColumn<uint> keys => Getter(keys, column),
            StepColumn<bool> flags => Getter(flags, column),
            _ => _rows.IdGetter(),
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}, but {typeof(TValue)} was asked for.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows.Dispose();
        base.Dispose(disposing);
    }

    private Delegate Getter<T>(StepColumn<T> values, DataViewSchema.Column column)
        where T : unmanaged
    {
        if (column.Name != _options.Label?.Name)
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> into) => Copy(column.Name, values, _rows.Start, _rows.Steps, ref into));
        int horizon = _options.Horizon;
        if (_options.LabelPlacement == LabelPlacement.EveryStep)
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> into) =>
                Copy(column.Name, values, _rows.Start + horizon, _rows.Steps, ref into));
        if (_options.LabelPlacement == LabelPlacement.Following)
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> into) =>
                Copy(column.Name, values, _rows.Start + _rows.Steps, horizon, ref into));
        if (column.Type is VectorDataViewType)
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> into) =>
                Copy(column.Name, values, _rows.Start + _rows.Steps - 1 + horizon, 1, ref into));
        return (ValueGetter<T>)((ref T into) => values.Copy(_rows[_rows.Start + _rows.Steps - 1 + horizon], new Span<T>(ref into)));
    }

    private void Copy<T>(string name, StepColumn<T> values, int start, int steps, ref VBuffer<T> into)
        where T : unmanaged
    {
        if ((long)steps * values.Width > SequenceRowReader.MaxValues)
            throw SequenceErrors.Row(name, _position, $"at most {SequenceRowReader.MaxValues} values",
                $"{steps} steps of {values.Width} values");
        VBufferEditor<T> editor = VBufferEditor.Create(ref into, steps * values.Width);
        for (int i = 0; i < steps; i++)
            values.Copy(_rows[start + i], editor.Values.Slice(i * values.Width, values.Width));
        into = editor.Commit();
    }
}
