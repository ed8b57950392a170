using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>Rows passed on from one cursor, with answers that were worked out ahead from another.</summary>
internal sealed class LookAheadCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _rows;
    private readonly AnswersAhead _answers;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly bool[] _active;
    private readonly LookAheadColumn[] _columns;
    private readonly Delegate?[] _getters;

    public LookAheadCursor(DataViewRowCursor rows, AnswersAhead answers, DataViewSchema schema, LookAheadColumn[] columns, bool[] active,
        SequenceModelParameters model)
    {
        (_rows, _answers, Schema, _columns, _active) = (rows, answers, schema, columns, active);
        _id = rows.GetIdGetter();
        _getters = [.. schema.Select(column => active[column.Index] && columns[column.Index].Input is null
            ? AnswerGetters.Create(column.Name, answers, model) : null)];
    }

    public override long Position => _rows.Position;

    public override long Batch => _rows.Batch;

    public override DataViewSchema Schema { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

    public override bool MoveNext()
    {
        if (!_rows.MoveNext())
            return false;
        DataViewRowId id = default;
        _id(ref id);
        _answers.MoveTo(id);
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (_columns[column.Index].Input is int passedOn)
            return _rows.GetGetter<TValue>(_rows.Schema[passedOn]);
        return _getters[column.Index] as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}, but {typeof(TValue)} was asked for.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
            _answers.Dispose();
        }
        base.Dispose(disposing);
    }
}
