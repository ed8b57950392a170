using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// The rows of a data view that belong to one part of a split. A row's place is its number in the view, or, in a view that shuffles, its
/// <see cref="DataViewRowId"/>, which stays the same from one order to the next.
/// </summary>
/// <param name="data">All rows.</param>
/// <param name="belongs">Whether the row at a place belongs to the part.</param>
/// <param name="looked">Rows that are looked at, at most; those beyond are not part of it.</param>
internal sealed class PartialView(IDataView data, Func<long, bool> belongs, long looked = long.MaxValue) : IDataView
{
    public bool CanShuffle => data.CanShuffle;

    public DataViewSchema Schema => data.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(data.GetRowCursor(columnsNeeded, rand), belongs, looked, data.CanShuffle);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor rows, Func<long, bool> belongs, long looked, bool byId) : DataViewRowCursor
    {
        private readonly ValueGetter<DataViewRowId>? _id = byId ? rows.GetIdGetter() : null;

        // Rows are named by their place in the whole, which is what a user can look up.
        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override DataViewSchema Schema => rows.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            while (rows.Position + 1 < looked && rows.MoveNext())
            {
                if (belongs(Place()))
                    return true;
            }
            return false;
        }

        private long Place()
        {
            if (_id is null)
                return rows.Position;
            DataViewRowId id = default;
            _id(ref id);
            return (long)(id.Low & long.MaxValue);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
