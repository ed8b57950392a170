using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data.Packing;

namespace Microsoft.ML.NTM.Evaluation.Folds;

/// <summary>Some rows of a table with one row per time step: those of some of its sequences, or some of each sequence's rows.</summary>
/// <param name="table">All rows.</param>
/// <param name="idColumnName">The column that tells which sequence a row belongs to; null: all belong to one.</param>
/// <param name="belongs">
/// Whether a row belongs to the part, by its sequence (counted from 0 in the order they first appear) and its place among that
/// sequence's rows.
/// </param>
internal sealed class SequencePartView(IDataView table, string? idColumnName, Func<int, long, bool> belongs) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => table.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = idColumnName is null ? [.. columnsNeeded] : [.. columnsNeeded, table.Schema[idColumnName]];
        return new Cursor(table.GetRowCursor(columns), idColumnName, belongs);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor rows, string? idColumnName, Func<int, long, bool> belongs) : DataViewRowCursor
    {
        private readonly SequenceIdColumn? _id = idColumnName is null ? null : SequenceIdColumn.Create(rows, rows.Schema[idColumnName]);
        private readonly List<long> _places = [];

        // Rows are named by their place in the whole table, which is what a user can look up.
        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override DataViewSchema Schema => rows.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            while (rows.MoveNext())
            {
                int sequence = _id?.Place() ?? 0;
                if (sequence == _places.Count)
                    _places.Add(0);
                if (belongs(sequence, _places[sequence]++))
                    return true;
            }
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
