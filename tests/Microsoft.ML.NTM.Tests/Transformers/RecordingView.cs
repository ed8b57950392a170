namespace Microsoft.ML.NTM.Tests.Transformers;

/// <summary>A view that remembers which columns its last cursor was asked for.</summary>
internal sealed class RecordingView(IDataView inner) : IDataView
{
    public string[] Asked { get; private set; } = [];

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Asked = [.. columnsNeeded.Select(column => column.Name)];
        return inner.GetRowCursor(columnsNeeded, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        Asked = [.. columnsNeeded.Select(column => column.Name)];
        return inner.GetRowCursorSet(columnsNeeded, n, rand);
    }
}
