
namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>A view that counts its cursors.</summary>
internal sealed class CountingView(IDataView inner) : IDataView
{
    public int Opened { get; private set; }

    public int Open { get; private set; }

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Opened++;
        Open++;
        return new Cursor(this, inner.GetRowCursor(columnsNeeded, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView view, DataViewRowCursor inner) : PassingCursor(inner)
    {
        private bool _disposed;

        protected override void Dispose(bool disposing)
        {
            if (!_disposed)
                view.Open--;
            _disposed = true;
            Inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
