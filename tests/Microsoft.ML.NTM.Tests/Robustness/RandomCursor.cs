using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Goes over a <see cref="RandomTable"/>.</summary>
internal sealed class RandomCursor(RandomTable table, HashSet<int> active, int reading) : DataViewRowCursor
{
    private static readonly float[] s_oddNumbers =
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f, -2f, 1e-42f, 1e9f];

    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => table.Schema;

    public override bool MoveNext()
    {
        (int rows, int breaks) = table.Reading(reading);
        if (_position + 1 == breaks)
            throw new IOException(RandomTable.Broken);
        _position = _position + 1 < rows && _position != -2 ? _position + 1 : -2;
        return _position >= 0;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Assert.IsTrue(IsColumnActive(column), $"{column.Name} was not asked for.");
        RandomColumn form = table.Columns[column.Index];
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        Delegate getter = item switch
        {
            TextDataViewType => Getter(form, (random, _) => "abc".AsMemory(random.Next(3), 1)),
            BooleanDataViewType => Getter(form, (random, _) => random.Next(2) == 0),
            DateTimeDataViewType => Getter(form, (random, _) => new DateTime(2020, 1, 1).AddDays(random.Next(9))),
            KeyDataViewType key when key.RawType == typeof(byte) => Getter(form, (random, odd) => (byte)Key(random, key, odd)),
            KeyDataViewType key when key.RawType == typeof(ushort) => Getter(form, (random, odd) => (ushort)Key(random, key, odd)),
            KeyDataViewType key when key.RawType == typeof(uint) => Getter(form, (random, odd) => (uint)Key(random, key, odd)),
            KeyDataViewType key => Getter(form, (random, odd) => Key(random, key, odd)),
            _ when item.Equals(NumberDataViewType.Single) => Getter(form, Number),
            _ when item.Equals(NumberDataViewType.Double) => Getter(form, (random, odd) => (double)Number(random, odd)),
            _ when item.Equals(NumberDataViewType.Int32) => Getter(form, Whole),
            _ when item.Equals(NumberDataViewType.UInt32) => Getter(form, (random, odd) => (uint)Whole(random, odd)),
            _ => Getter(form, (random, odd) => (long)Whole(random, odd)),
        };
        return (ValueGetter<TValue>)getter;
    }

    private Delegate Getter<T>(RandomColumn form, Func<Random, bool, T> value)
    {
        if (form.Type is not VectorDataViewType vector)
            return (ValueGetter<T>)((ref T into) => into = Value(Start(form), form, value));
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> into) =>
        {
            Random random = Start(form);
            int length = vector.IsKnownSize ? vector.Size : Length(random, form);
            if (length > 0 && random.Next(5) == 0)
            {
                // Sparse: the one value that it holds, zeros elsewhere.
                into = new VBuffer<T>(length, 1, [Value(random, form, value)], [random.Next(length)]);
                return;
            }
            into = new VBuffer<T>(length, [.. Enumerable.Range(0, length).Select(_ => Value(random, form, value))]);
        });
    }

    // All columns of a row have as many steps, but for the odd ones.
    private int Length(Random random, RandomColumn form)
    {
        int steps = 1 + (int)((table.Seed + 31 * _position) % 5);
        return random.NextDouble() < form.Oddity ? random.Next(12) : steps * form.PerStep;
    }

    private Random Start(RandomColumn form) =>
        new(unchecked(table.Seed + 101 * form.Name.Length + 13 * form.Name[0] + (int)_position * 7919));

    private static T Value<T>(Random random, RandomColumn form, Func<Random, bool, T> value) =>
        value(random, random.NextDouble() < form.Oddity);

    private static float Number(Random random, bool odd) => odd
        ? s_oddNumbers[random.Next(s_oddNumbers.Length)]
        : random.Next(8) == 0 ? 1f : random.NextSingle();

    private static int Whole(Random random, bool odd) => odd ? random.Next(3) switch { 0 => -1, 1 => int.MaxValue, _ => 0 }
        : random.Next(1, 5);

    private static ulong Key(Random random, KeyDataViewType key, bool odd) =>
        odd ? (key.Count < 200 ? key.Count + 1 : 0) : (ulong)random.NextInt64((long)Math.Min(key.Count, 1000)) + 1;
}
