using CsCheck;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// A column of any type, and the share of its values that are odd (NaN, infinite, huge, beyond the keys, of another length).
/// </summary>
internal sealed record RandomColumn(string Name, DataViewType Type, int PerStep, double Oddity);

/// <summary>What a source does that a data view should not.</summary>
internal enum Trick
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It can be read once only, as an enumerable that was begun.</summary>
    OneShot,

    /// <summary>It loses a row from reading to reading.</summary>
    Shrinks,

    /// <summary>It gains a row from reading to reading.</summary>
    Grows,

    /// <summary>It breaks in one of its readings.</summary>
    Throws,
}

/// <summary>A data view of random columns whose values follow from its seed: the same in every cursor, but for its trick.</summary>
internal sealed record RandomTable(int Seed, int Rows, RandomColumn[] Columns, Trick Trick = Trick.None) : IDataView
{
    /// <summary>What a source says that breaks.</summary>
    public const string Broken = "The cable was pulled.";

    private int _readings;

    public static readonly string[] Names = ["Features", "More", "Label", "Weight", "Answers", "Id"];

    private static readonly PrimitiveDataViewType[] s_odd =
    [
        NumberDataViewType.Double, NumberDataViewType.Int32, NumberDataViewType.Int64, NumberDataViewType.UInt32, TextDataViewType.Instance,
        DateTimeDataViewType.Instance, new KeyDataViewType(typeof(byte), 3), new KeyDataViewType(typeof(ulong), 1L << 40),
            new KeyDataViewType(typeof(ushort), 40_000),
    ];

    private static readonly Gen<PrimitiveDataViewType> s_item = Gen.Frequency(
        (16, Gen.Const<PrimitiveDataViewType>(NumberDataViewType.Single)),
        (2, Gen.Const<PrimitiveDataViewType>(BooleanDataViewType.Instance)),
        (4, Gen.Int[1, 4].Select(count => (PrimitiveDataViewType)new KeyDataViewType(typeof(uint), count))),
        (1, Gen.OneOf(s_odd)));

    private static readonly Gen<(int[]? Dimensions, int PerStep)> s_shape = Shape(Gen.Int[1, 6]);

    private static readonly Gen<(int[]? Dimensions, int PerStep)> s_stepShape =
        Shape(Gen.Frequency((12, Gen.Const(0)), (2, Gen.Const(3)), (1, Gen.Int[2, 6])));

    /// <summary>Tables of all six columns, each of a type of its own, and now and then without one.</summary>
    public static readonly Gen<RandomTable> Any = Tables(s_shape);

    /// <summary>The same with a time step per row, so mostly with scalars.</summary>
    public static readonly Gen<RandomTable> Steps = Tables(s_stepShape);

    public bool CanShuffle => false;

    public DataViewSchema Schema
    {
        get
        {
            if (field is not null)
                return field;
            var builder = new DataViewSchema.Builder();
            foreach (RandomColumn column in Columns)
                builder.AddColumn(column.Name, column.Type);
            return field = builder.ToSchema();
        }
    }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new RandomCursor(this, [.. columnsNeeded.Select(column => column.Index)], Interlocked.Increment(ref _readings));

    /// <summary>Rows of a reading, counted from 1, and the row before which it breaks, or -9.</summary>
    public (int Rows, int Breaks) Reading(int number) => Trick switch
    {
        Trick.OneShot => (number == 1 ? Rows : 0, -9),
        Trick.Shrinks => (Math.Max(0, Rows + 1 - number), -9),
        Trick.Grows => (Rows - 1 + number, -9),
        Trick.Throws => (Rows, number > Seed % 5 ? Seed % (Rows + 1) : -9),
        _ => (Rows, -9),
    };

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    public override string ToString() =>
        $"{Rows} rows (seed {Seed}, {Trick}) of {string.Join(", ", Columns.Select(Describe))}";

    private static string Describe(RandomColumn column) =>
        $"{column.Name}: {column.Type} x {column.PerStep}{(column.Oddity > 0 ? " odd" : "")}";

    private static Gen<RandomTable> Tables(Gen<(int[]? Dimensions, int PerStep)> shape) => Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Int[0, 9], Column(shape).Array[Names.Length], Gen.Int[0, 12],
            Gen.Frequency((6, Gen.Const((0.0, Trick.None))), (3, Gen.Const((0.02, Trick.None))),
                (1, Gen.Int[1, 4].Select(trick => (0.0, (Trick)trick)))),
        (seed, rows, types, missing, ways) => new RandomTable(seed, rows,
            [.. types.Select((type, i) => type(Names[i], ways.Item1)).Where((_, i) => i != missing)], ways.Item2));

    private static Gen<Func<string, double, RandomColumn>> Column(Gen<(int[]? Dimensions, int PerStep)> shapes) =>
        Gen.Select(s_item, shapes, (item, shape) => (Func<string, double, RandomColumn>)((name, oddity) =>
        new RandomColumn(name, shape.Dimensions is null ? item : new VectorDataViewType(item, shape.Dimensions), shape.PerStep, oddity)));

    private static Gen<(int[]? Dimensions, int PerStep)> Shape(Gen<int> kinds) =>
        Gen.Select(kinds, Gen.Int[1, 3], Gen.Int[1, 4], (kind, width, steps) => kind switch
    {
        0 or 1 => ((int[]?)null, 1),
        2 => ([0], width),
        3 => ([steps * width], 1),
        4 => ([steps, width], width),
        5 => ([0, width], width),
        _ => ([0, width, 2], 2 * width),
    });
}
