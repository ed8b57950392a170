using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM;

/// <summary>The coming values of one series.</summary>
public sealed class SeriesForecast
{
    internal SeriesForecast(string? sequence, IReadOnlyList<string> columnNames, IReadOnlyList<IReadOnlyList<float>> values) =>
        (Sequence, ColumnNames, Values) = (sequence, columnNames, values);

    /// <summary>
    /// Which series: the value of the column of ids as text (of keys what they stand for, or their number where they have no names); null
    /// where the table is one series.
    /// </summary>
    public string? Sequence { get; }

    /// <summary>The columns that were forecast.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>
    /// <c>Values[step][column]</c>, in the columns' own units and in the order of <see cref="ColumnNames"/>; step 0 is the row after the
    /// history's last.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<float>> Values { get; }

    /// <summary>A line per step.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int step = 0; step < Values.Count; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(step > 0 ? "\n" : "")}{(Sequence is null ? "" : $"{Sequence} ")}+{step + 1}:");
            for (int c = 0; c < ColumnNames.Count; c++)
                text.Append(CultureInfo.InvariantCulture, $" {ColumnNames[c]} {Values[step][c]:G6}");
        }
        return text.ToString();
    }
}
