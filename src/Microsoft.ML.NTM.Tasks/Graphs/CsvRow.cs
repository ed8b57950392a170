using System.Globalization;
using nietras.SeparatedValues;

namespace Microsoft.ML.NTM.Tasks;

/// <summary>A line of a comma-separated file with a header, read by Sep; what is wrong in it is named with file and line.</summary>
internal sealed class CsvRow
{
    private readonly string _path;
    private readonly int _line;
    private readonly SepReaderHeader _header;
    private readonly string[] _fields;

    private CsvRow(string path, int line, SepReaderHeader header, string[] fields) =>
        (_path, _line, _header, _fields) = (path, line, header, fields);

    /// <summary>The lines after the header, which must have the columns named. Empty lines are passed over.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a line has another number of fields than the header.</exception>
    public static IEnumerable<CsvRow> Read(string path, params string[] columns)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        SepReaderOptions options = Sep.New(',').Reader(options => options with { Unescape = true, DisableColCountCheck = true });
        using SepReader reader = options.FromFile(path);
        string[] missing = [.. columns.Except(reader.Header.ColNames)];
        if (missing.Length > 0)
            throw new CsvRow(path, 1, reader.Header, []).Fault($"the header lacks {string.Join(", ", missing)}");
        while (reader.MoveNext())
        {
            if (reader.Current.Span.IsEmpty)
                continue;
            var row = new CsvRow(path, reader.Current.LineNumberFrom, reader.Header, reader.Current[..].ToStringsArray());
            if (row._fields.Length != reader.Header.ColNames.Count)
                throw row.Fault($"{row._fields.Length} fields where the header has {reader.Header.ColNames.Count}");
            yield return row;
        }
    }

    /// <summary>A field as it is.</summary>
    public string Text(string column) => _fields[_header.IndexOf(column)];

    /// <summary>A field that is a number.</summary>
    public double Number(string column) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw Fault($"{column} '{Text(column)}' is not a number");

    /// <summary>A field that is a graph label.</summary>
    public int Label(string column) =>
        int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out int label) && label < LabelledGraph.Labels ? label
            : throw Fault($"{column} '{Text(column)}' is not 0 to {LabelledGraph.Labels - 1}");

    /// <summary>An error that names this line.</summary>
    public InvalidDataException Fault(string what) => new($"{Path.GetFileName(_path)}, line {_line}: {what}.");
}
