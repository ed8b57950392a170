using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>Gives a source column's values of the current row.</summary>
internal delegate ReadOnlySpan<T> ValueReader<T>();

/// <summary>The rows' values of one packed column, as long as a sequence may still need them.</summary>
internal abstract class StepColumn(int width)
{
    /// <summary>Values per step.</summary>
    public int Width { get; } = width;

    /// <summary>Keeps the current row's values.</summary>
    public abstract void Append();

    /// <summary>Forgets the oldest rows.</summary>
    public abstract void Discard(int rows);

    public static StepColumn Create(DataViewRow row, PackColumn column, int width)
    {
        DataViewSchema.Column[] sources = [.. column.Sources.Select(name => row.Schema[name])];
        return ColumnTypes.ItemType(sources[0].Type) switch
        {
            KeyDataViewType => new StepColumn<uint>(width, 0u, [Keys(row, sources[0])]),
            BooleanDataViewType => new StepColumn<bool>(width, false, [new ColumnValues<bool>(row, sources[0]).Read]),
            _ => new StepColumn<float>(width, float.NaN,
                [.. sources.Select(source => (ValueReader<float>)new ColumnValues<float>(row, source).Read)]),
        };
    }

    private static ValueReader<uint> Keys(DataViewRow row, DataViewSchema.Column source)
    {
        KeyValues keys = KeyValues.Create(row, source);
        return () => MemoryMarshal.Cast<int, uint>(keys.Read());
    }
}

/// <summary>The rows' values of one packed column of <typeparamref name="T"/>.</summary>
/// <param name="width">Values per step.</param>
/// <param name="missing">The value of rows that are not there.</param>
/// <param name="sources">The columns side by side.</param>
internal sealed class StepColumn<T>(int width, T missing, ValueReader<T>[] sources) : StepColumn(width)
    where T : unmanaged
{
    private T[] _values = new T[64 * width]; // [rows, width]
    private int _count;

    public override void Append()
    {
        if (_count + Width > _values.Length)
            Array.Resize(ref _values, checked(2 * _values.Length));
        Span<T> into = _values.AsSpan(_count, Width);
        foreach (ValueReader<T> source in sources)
        {
            ReadOnlySpan<T> values = source();
            values.CopyTo(into);
            into = into[values.Length..];
        }
        _count += Width;
    }

    public override void Discard(int rows)
    {
        int values = rows * Width;
        _values.AsSpan(values, _count - values).CopyTo(_values);
        _count -= values;
    }

    /// <summary>Copies a row's values; row -1 is not there.</summary>
    public void Copy(int row, Span<T> into)
    {
        if (row < 0)
            into.Fill(missing);
        else
            _values.AsSpan(row * Width, Width).CopyTo(into);
    }
}
