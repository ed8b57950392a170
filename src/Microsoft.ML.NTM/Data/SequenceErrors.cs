using System.Globalization;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// The two errors of bad data. A column that cannot serve, whatever its rows hold: <see cref="ArgumentOutOfRangeException"/>, as ML.NET's
/// own schema checks. A row that cannot serve: <see cref="InvalidOperationException"/>, as ML.NET's trainers throw while they read. Both
/// name the column, what was expected and what came; the second also names the row.
/// </summary>
internal static class SequenceErrors
{
    private const int MostNames = 10;

    private const string Mark = "Microsoft.ML.NTM";

    public static ArgumentOutOfRangeException Missing(string role, string column, IEnumerable<string> there)
    {
        string[] names = [.. there.Distinct().Take(MostNames + 1)];
        string list = string.Join(", ", names.Take(MostNames).Select(name => $"'{Quoted.Text(name)}'"));
        string known = names.Length == 0 ? "" : $" among {list}{(names.Length > MostNames ? " and others" : "")}";
        return new("schema", $"Could not find {role} column '{Quoted.Text(column)}'{known}.");
    }

    public static ArgumentOutOfRangeException Schema(string role, string column, string expected, string actual) =>
        new("schema", $"Schema mismatch for {role} column '{Quoted.Text(column)}': expected {Shown(expected)}, got {Shown(actual)}.");

    public static ArgumentOutOfRangeException NothingToEmbed(SequenceColumns columns, string actual) =>
        Schema("feature", string.Join("', '", columns.FeatureColumnNames),
            $"keys (see MapValueToKey) for EmbeddingSize = {columns.EmbeddingSize}", actual);

    public static InvalidOperationException Row(string column, long row, string expected, string actual, Exception? cause = null) => Ours(
        new(string.Create(CultureInfo.InvariantCulture,
            $"Column '{Quoted.Text(column)}', row {row} (counted from 0): expected {Shown(expected)}, got {Shown(actual)}."), cause));

    /// <summary>Marks an error as one that says everything about bad data, so that nobody explains it again.</summary>
    public static InvalidOperationException Ours(InvalidOperationException error)
    {
        error.Data[Mark] = Mark;
        return error;
    }

    /// <summary>Whether an error is marked.</summary>
    public static bool IsOurs(Exception error) => error.Data.Contains(Mark);

    private static string Shown(string what) => Quoted.Text(what, 300);

    /// <summary>A row of a table with one row per time step, before it is packed.</summary>
    public static InvalidOperationException TableRow(string column, long row, string expected, string actual) =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"Column '{column}', row {row} of the table (counted from 0): expected {expected}, got {actual}."));

    public static InvalidOperationException Empty(string column, long row) =>
        Row(column, row, $"at least one step (or {nameof(EmptySequences)} = {nameof(EmptySequences.Skip)})", "an empty sequence");

    public static InvalidOperationException NoRows(string what) => new($"Expected at least one row of {what}, got none.");

    /// <summary>A column without rows: of windows, because no series is as long as one.</summary>
    public static InvalidOperationException NoRows(DataViewSchema.Column column) => PackedOrigin.RowsOfWindow(column) is not int rows
        ? NoRows($"column '{column.Name}'")
        : new(string.Create(CultureInfo.InvariantCulture,
            $"Expected a series of at least {rows} rows, as many as a window takes (column '{column.Name}'), got only shorter ones."));
}
