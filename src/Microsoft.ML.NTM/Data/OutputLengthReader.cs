using System.Numerics;

namespace Microsoft.ML.NTM.Data;

/// <summary>Reads how many answer steps a row wants when it is scored after its input.</summary>
internal abstract class OutputLengthReader(string columnName)
{
    private readonly string _columnName = columnName;

    public static OutputLengthReader Create(DataViewRow row, string columnName)
    {
        DataViewSchema.Column column = row.Schema[columnName];
        Type raw = column.Type.RawType;
        if (raw == typeof(int))
            return new Of<int>(row, column);
        if (raw == typeof(uint))
            return new Of<uint>(row, column);
        return raw == typeof(long) ? new Of<long>(row, column) : new Of<float>(row, column);
    }

    /// <summary>The number of steps, at least 1.</summary>
    public abstract int Read(long rowId);

    private sealed class Of<T>(DataViewRow row, DataViewSchema.Column column) : OutputLengthReader(column.Name)
        where T : unmanaged, INumber<T>
    {
        private readonly ColumnValues<T> _values = new(row, column);

        public override int Read(long rowId)
        {
            T value = _values.Read()[0];
            if (!T.IsInteger(value) || value < T.One || double.CreateSaturating(value) > int.MaxValue)
                throw SequenceErrors.Row(_columnName, rowId, "a whole number of at least 1", FormattableString.Invariant($"{value}"));
            return int.CreateSaturating(value);
        }
    }
}
