using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Where the values of a packed column come from: annotations name the columns of the table, and the id of a packed row tells the
/// table's row. They pass through transforms that keep a column or a row as it is, so that an error far behind can name what a user can
/// look up.
/// </summary>
internal static class PackedOrigin
{
    /// <summary>The annotation with the source of each value of a step.</summary>
    public const string SourcesKind = "PackedSources";

    /// <summary>The annotation with the number of rows that were left out at the start of each sequence, by taking differences.</summary>
    public const string SkippedKind = "PackedSkippedRows";

    // Others make ids, too: only ids with this in their upper half are the table's rows, the first of a sequence.
    private const ulong InOrder = 0x5061636B_00000000, Sorted = InOrder + 1;

    /// <summary>The annotations, and where values come from.</summary>
    public static DataViewSchema.Annotations With(DataViewSchema.Annotations? annotations, string[] sources, int skipped = 0)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(annotations, name => name is not (SourcesKind or SkippedKind));
        var names = new VBuffer<ReadOnlyMemory<char>>(sources.Length, [.. sources.Select(name => name.AsMemory())]);
        builder.Add(SourcesKind, new VectorDataViewType(TextDataViewType.Instance, sources.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        builder.Add(SkippedKind, NumberDataViewType.Int32, (ref int value) => value = skipped);
        return builder.ToAnnotations();
    }

    /// <summary>The annotations of a column of which so many rows more were left out at the start.</summary>
    public static DataViewSchema.Annotations Skip(DataViewSchema.Column column, int rows) => Sources(column) is { } sources
        ? With(column.Annotations, sources, Skipped(column) + rows) : column.Annotations;

    /// <summary>The id of a packed row.</summary>
    /// <param name="tableRow">The table's row that its first step is.</param>
    /// <param name="inOrder">Whether its steps are rows that follow each other in the table.</param>
    public static DataViewRowId Id(long tableRow, bool inOrder) => new((ulong)tableRow, inOrder ? InOrder : Sorted);

    /// <summary>Says in parentheses where a value of the current row comes from; empty where that is not known.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <param name="index">The value's index in it.</param>
    public static string Describe(DataViewRow row, DataViewSchema.Column column, int index)
    {
        if (Sources(column) is not { Length: > 0 } sources)
            return "";
        string source = $"column '{sources[index % sources.Length]}'";
        DataViewRowId id = default;
        row.GetIdGetter()(ref id);
        int step = index / sources.Length + Skipped(column);
        return id.High switch
        {
            Sorted when step > 0 =>
                FormattableString.Invariant($" ({source}, {step} rows after row {id.Low} of the table in its sequence)"),
            InOrder or Sorted => FormattableString.Invariant($" ({source}, row {(long)id.Low + step} of the table)"),
            _ => $" ({source})",
        };
    }

    /// <summary>What the source of a value of each step is called; null where that is not known.</summary>
    public static string? SourceOf(DataViewSchema.Column column, int valueOfStep) => Sources(column)?.ElementAtOrDefault(valueOfStep);

    /// <summary>Rows of the table that a window takes; null where a column holds no windows.</summary>
    public static int? RowsOfWindow(DataViewSchema.Column column) => WindowOverlap.Of(column) is not null
        && column.Type is VectorDataViewType { Dimensions: [> 0 and int steps, _] }
        ? steps + (Sources(column) is null ? 0 : Skipped(column)) : null;

    private static string[]? Sources(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(SourcesKind) is null
            || column.Annotations.Schema.GetColumnOrNull(SkippedKind) is null)
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(SourcesKind, ref names);
        return [.. names.DenseValues().Select(name => $"{name}")];
    }

    private static int Skipped(DataViewSchema.Column column)
    {
        int skipped = 0;
        column.Annotations.GetValue(SkippedKind, ref skipped);
        return skipped;
    }
}
