using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>The column that tells sequences apart, of any scalar type.</summary>
internal abstract class SequenceIdColumn
{
    /// <summary>Whether the current row's id differs from the kept one.</summary>
    public abstract bool IsOther();

    /// <summary>Keeps the current row's id; false where it was kept before.</summary>
    public abstract bool Keep();

    /// <summary>The place of the current row's id among all ids, in the order they first appeared.</summary>
    public abstract int Place();

    /// <summary>Goes back to the id of a place.</summary>
    public abstract void Select(int place);

    /// <summary>Gives the kept id: a <c>ValueGetter</c> of the column's type.</summary>
    public abstract Delegate Getter();

    /// <summary>The kept id as text.</summary>
    public abstract string Text { get; }

    /// <summary>
    /// Whether no id comes back after another's rows; reads the column of ids once, and no other. True where there are no ids.
    /// </summary>
    public static bool StandTogether(IDataView table, string? idColumnName)
    {
        if (idColumnName is null)
            return true;
        using DataViewRowCursor cursor = table.GetRowCursor([table.Schema[idColumnName]]);
        SequenceIdColumn ids = Create(cursor, table.Schema[idColumnName]);
        while (cursor.MoveNext())
        {
            if (ids.IsOther() && !ids.Keep())
                return false;
        }
        return true;
    }

    public static SequenceIdColumn Create(DataViewRow row, DataViewSchema.Column column) => column.Type is TextDataViewType
        ? new SequenceIdColumn<ReadOnlyMemory<char>>(row, column, new TextComparer(), text => text.ToArray())
        : (SequenceIdColumn)Activator.CreateInstance(typeof(SequenceIdColumn<>).MakeGenericType(column.Type.RawType), row, column, null,
            null)!;

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}

/// <summary>The column that tells sequences apart.</summary>
internal sealed class SequenceIdColumn<T>(DataViewRow row, DataViewSchema.Column column, IEqualityComparer<T>? comparer, Func<T, T>? copy)
    : SequenceIdColumn
    where T : notnull
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
    private readonly Func<T, string?>? _fault = ScalarFaults.Of<T>(column.Type);
    private readonly IEqualityComparer<T> _comparer = comparer ?? EqualityComparer<T>.Default;
    private readonly Dictionary<T, int> _places = new(comparer);
    private readonly List<T> _ids = [];
    private T _current = default!;
    private T _kept = default!;

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"{_kept}");

    public override bool IsOther()
    {
        Read();
        return _ids.Count == 0 || !_comparer.Equals(_current, _kept);
    }

    public override bool Keep()
    {
        int known = _ids.Count;
        int place = Place();
        _kept = _ids[place];
        return place == known;
    }

    public override int Place()
    {
        Read();
        if (_places.TryGetValue(_current, out int place))
            return place;
        T own = copy is null ? _current : copy(_current);
        _ids.Add(own);
        _places.Add(own, _ids.Count - 1);
        return _ids.Count - 1;
    }

    public override void Select(int place) => _kept = _ids[place];

    public override Delegate Getter() => (ValueGetter<T>)((ref T value) => value = _kept);

    private void Read()
    {
        _getter(ref _current);
        if (_fault?.Invoke(_current) is string came)
            throw SequenceErrors.TableRow(column.Name, row.Position, "an id that tells sequences apart", came);
    }
}

/// <summary>The column that a sequence's rows are sorted by, of any comparable type.</summary>
internal abstract class OrderColumn
{
    /// <summary>Keeps the current row's value.</summary>
    public abstract void Append();

    /// <summary>Forgets all values.</summary>
    public abstract void Clear();

    /// <summary>Whether one kept value is less than another.</summary>
    public abstract bool IsBefore(int a, int b);

    /// <summary>Sorts rows by their values; equal ones keep their order.</summary>
    public abstract void Sort(List<int> rows);

    public static bool CanSortBy(DataViewType type) =>
        typeof(IComparable<>).MakeGenericType(type.RawType).IsAssignableFrom(type.RawType) && type is PrimitiveDataViewType;

    /// <summary>What the column may be, and the cure of texts.</summary>
    public static string Accepted(DataViewType came) => "a scalar number, date or key" + (came is TextDataViewType
        ? "; load texts as DataKind.DateTime, or name no order column where the rows stand in order" : "");

    public static OrderColumn Create(DataViewRow row, DataViewSchema.Column column) =>
        (OrderColumn)Activator.CreateInstance(typeof(OrderColumn<>).MakeGenericType(column.Type.RawType), row, column)!;
}

/// <summary>The column that a sequence's rows are sorted by.</summary>
internal sealed class OrderColumn<T>(DataViewRow row, DataViewSchema.Column column) : OrderColumn
    where T : IComparable<T>
{
    private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
    private readonly Func<T, string?>? _fault = ScalarFaults.Of<T>(column.Type);
    private readonly List<T> _values = [];
    private T _current = default!;

    public override void Append()
    {
        _getter(ref _current);
        if (_fault?.Invoke(_current) is string came)
            throw SequenceErrors.TableRow(column.Name, row.Position, "a value to sort by", came);
        _values.Add(_current);
    }

    public override void Clear() => _values.Clear();

    public override bool IsBefore(int a, int b) => _values[a].CompareTo(_values[b]) < 0;

    public override void Sort(List<int> rows) => rows.Sort((a, b) =>
    {
        int order = _values[a].CompareTo(_values[b]);
        return order != 0 ? order : a.CompareTo(b);
    });
}
