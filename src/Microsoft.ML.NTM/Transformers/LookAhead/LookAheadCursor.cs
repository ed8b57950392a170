using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>Rows that were read ahead and scored by the batch, one after another.</summary>
internal sealed class LookAheadCursor : DataViewRowCursor
{
    private readonly AnswersAhead _rows;
    private readonly Delegate?[] _getters;

    /// <param name="rows">The rows.</param>
    /// <param name="schema">The rows' columns and the model's.</param>
    /// <param name="getters">What gives each column's values; null: not asked for.</param>
    public LookAheadCursor(AnswersAhead rows, DataViewSchema schema, Delegate?[] getters) =>
        (_rows, Schema, _getters) = (rows, schema, getters);

    public override long Position => _rows.Position;

    // The rows of one cursor are one batch.
    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _rows.Id;

    public override bool MoveNext() => _rows.MoveNext();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (_getters[column.Index] is not Delegate getter)
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}, but {typeof(TValue)} was asked for.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows.Dispose();
        base.Dispose(disposing);
    }
}
