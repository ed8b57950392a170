using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>
/// A column of the rows that were read ahead: each row's value, or why it has none, until whoever reads the rows asks for it. Room is
/// reused.
/// </summary>
internal abstract class KeptColumn
{
    private ExceptionDispatchInfo?[] _faults = [];

    /// <summary>Whether values of a type can be kept: numbers, keys, texts, times and vectors of them, but no objects.</summary>
    public static bool CanKeep(DataViewType type) => (type is VectorDataViewType vector ? vector.ItemType : type) is PrimitiveDataViewType;

    /// <summary>Keeps <paramref name="column"/> of the rows of a cursor.</summary>
    public static KeptColumn Create(DataViewRow rows, DataViewSchema.Column column)
    {
        Type kept = column.Type is VectorDataViewType vector ? typeof(OfVectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(OfValues<>).MakeGenericType(column.Type.RawType);
        const BindingFlags Flags = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions;
        return (KeptColumn)Activator.CreateInstance(kept, Flags, null, [rows, column], null)!;
    }

    /// <summary>Keeps the value of the row that the cursor stands on.</summary>
    /// <param name="place">The row's place among those read ahead.</param>
    public void Keep(int place)
    {
        if (place >= _faults.Length)
        {
            Array.Resize(ref _faults, Math.Max(16, 2 * _faults.Length));
            MakeRoom(_faults.Length);
        }
        try
        {
            Read(place);
            _faults[place] = null;
        }
        catch (Exception fault)
        {
            _faults[place] = ExceptionDispatchInfo.Capture(fault);
        }
    }

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the row that <paramref name="rows"/> stand at.</summary>
    public abstract Delegate GetterAt(AnswersAhead rows);

    /// <summary>Makes room for so many rows.</summary>
    protected abstract void MakeRoom(int rows);

    /// <summary>Reads the value of the row that the cursor stands on.</summary>
    protected abstract void Read(int place);

    private int Served(AnswersAhead rows)
    {
        _faults[rows.Current]?.Throw();
        return rows.Current;
    }

    private sealed class OfValues<T>(DataViewRow rows, DataViewSchema.Column column) : KeptColumn
    {
        private readonly ValueGetter<T> _get = rows.GetGetter<T>(column);
        private T[] _values = [];

        public override Delegate GetterAt(AnswersAhead rows) => (ValueGetter<T>)((ref T value) => value = _values[Served(rows)]);

        protected override void MakeRoom(int rows) => Array.Resize(ref _values, rows);

        protected override void Read(int place) => _get(ref _values[place]);
    }

    private sealed class OfVectors<T>(DataViewRow rows, DataViewSchema.Column column) : KeptColumn
    {
        private readonly ValueGetter<VBuffer<T>> _get = rows.GetGetter<VBuffer<T>>(column);
        private VBuffer<T>[] _values = [];

        public override Delegate GetterAt(AnswersAhead rows) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[Served(rows)].CopyTo(ref value));

        protected override void MakeRoom(int rows) => Array.Resize(ref _values, rows);

        protected override void Read(int place) => _get(ref _values[place]);
    }
}
