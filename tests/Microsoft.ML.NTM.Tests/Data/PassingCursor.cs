using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>Another cursor's rows as they are: for cursors that change one thing.</summary>
internal abstract class PassingCursor(DataViewRowCursor inner) : DataViewRowCursor
{
    /// <summary>The other cursor.</summary>
    protected DataViewRowCursor Inner => inner;

    public sealed override long Position => inner.Position;

    public sealed override long Batch => inner.Batch;

    public sealed override DataViewSchema Schema => inner.Schema;

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

    public override bool MoveNext() => inner.MoveNext();
}
