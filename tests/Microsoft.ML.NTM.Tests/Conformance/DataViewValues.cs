using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Conformance;

/// <summary>Any data view's values as texts that are equal only where the bits are.</summary>
internal static class DataViewValues
{
    /// <summary>Fails unless both hold the same rows.</summary>
    public static void AssertSame(IDataView expected, IDataView actual) => CollectionAssert.AreEqual(Rows(expected), Rows(actual));

    /// <summary>One text per row and column.</summary>
    public static List<string> Rows(IDataView data)
    {
        var rows = new List<string>();
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Func<string>[] readers = Readers(cursor);
        while (cursor.MoveNext())
            rows.Add(string.Join(" | ", readers.Select(read => read())));
        return rows;
    }

    /// <summary>A reader of each column's value in the current row.</summary>
    public static Func<string>[] Readers(DataViewRow row) => [.. row.Schema.Select(column => Reader(row, column))];

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        string name = column.Type is VectorDataViewType ? nameof(VectorReader) : nameof(ScalarReader);
        return (Func<string>)typeof(DataViewValues)
            .GetMethod(name, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(raw).Invoke(null, [row, column])!;
    }

    private static Func<string> VectorReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(" ", value.DenseValues().Select(Text));
        };
    }

    private static Func<string> ScalarReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static string Text<T>(T value) => value is float number
        ? BitConverter.SingleToInt32Bits(number).ToString("X8", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
