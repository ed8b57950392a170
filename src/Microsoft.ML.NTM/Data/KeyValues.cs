using System.Numerics;

namespace Microsoft.ML.NTM.Data;

/// <summary>A key column's values in the current row: 0 is missing, 1 the first key. Any of ML.NET's four key representations.</summary>
internal abstract class KeyValues
{
    /// <summary>The keys; good until the next call.</summary>
    public abstract ReadOnlySpan<int> Read();

    public static KeyValues Create(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = ColumnTypes.ItemType(column.Type).RawType;
        if (raw == typeof(byte))
            return new Of<byte>(row, column);
        if (raw == typeof(ushort))
            return new Of<ushort>(row, column);
        return raw == typeof(uint) ? new Of<uint>(row, column) : new Of<ulong>(row, column);
    }

    private sealed class Of<T>(DataViewRow row, DataViewSchema.Column column) : KeyValues
        where T : unmanaged, IBinaryInteger<T>
    {
        private readonly ColumnValues<T> _values = new(row, column);
        private int[] _keys = new int[1];

        public override ReadOnlySpan<int> Read()
        {
            ReadOnlySpan<T> values = _values.Read();
            if (_keys.Length < values.Length)
                _keys = new int[values.Length];
            for (int i = 0; i < values.Length; i++)
                _keys[i] = int.CreateSaturating(values[i]);
            return _keys.AsSpan(0, values.Length);
        }
    }
}
