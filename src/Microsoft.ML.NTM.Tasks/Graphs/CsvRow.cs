using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Tasks;

/// <summary>A line of a comma-separated file with a header; fields may be in quotes.</summary>
internal sealed class CsvRow
{
    private readonly string path;
    private readonly int line;
    private readonly List<string> header;
    private readonly List<string> fields;

    private CsvRow(string path, int line, List<string> header, List<string> fields) =>
        (this.path, this.line, this.header, this.fields) = (path, line, header, fields);

    /// <summary>The lines after the header, which must have the columns named.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a line has another number of fields than the header.</exception>
    public static IEnumerable<CsvRow> Read(string path, params string[] columns)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        List<string> header = [];
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (text.Length == 0)
                continue;
            var row = new CsvRow(path, line, header, Split(text));
            if (header.Count == 0)
            {
                header.AddRange(row.fields);
                string[] missing = [.. columns.Except(header)];
                if (missing.Length > 0)
                    throw row.Fault($"the header lacks {string.Join(", ", missing)}");
                continue;
            }
            if (row.fields.Count != header.Count)
                throw row.Fault($"{row.fields.Count} fields where the header has {header.Count}");
            yield return row;
        }
    }

    /// <summary>A field as it is.</summary>
    public string Text(string column) => fields[header.IndexOf(column)];

    /// <summary>A field that is a number.</summary>
    public double Number(string column) =>
        double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw Fault($"{column} '{Text(column)}' is not a number");

    /// <summary>A field that is a graph label.</summary>
    public int Label(string column) =>
        int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out int label) && label < LabelledGraph.Labels ? label
            : throw Fault($"{column} '{Text(column)}' is not 0 to {LabelledGraph.Labels - 1}");

    /// <summary>An error that names this line.</summary>
    public InvalidDataException Fault(string what) => new($"{Path.GetFileName(path)}, line {line}: {what}.");

    private static List<string> Split(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        foreach (char c in text)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
