using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>A column's values in the current row, dense, whether it is a scalar, a dense or a sparse vector. Buffers are reused.</summary>
internal sealed class ColumnValues<T>
    where T : unmanaged
{
    private readonly ValueGetter<VBuffer<T>>? _vector;
    private readonly ValueGetter<T>? _scalar;
    private VBuffer<T> _buffer;
    private T[] _dense = new T[1];

    public ColumnValues(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            _vector = row.GetGetter<VBuffer<T>>(column);
        else
            _scalar = row.GetGetter<T>(column);
    }

    /// <summary>The values; good until the next call.</summary>
    public ReadOnlySpan<T> Read()
    {
        if (_vector is null)
        {
            _scalar!(ref _dense[0]);
            return _dense.AsSpan(0, 1);
        }
        _vector(ref _buffer);
        if (_buffer.IsDense)
            return _buffer.GetValues();
        if (_dense.Length < _buffer.Length)
            _dense = new T[_buffer.Length];
        _buffer.CopyTo(_dense);
        return _dense.AsSpan(0, _buffer.Length);
    }
}
