using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM;

/// <summary>
/// Which class was answered where which one was right, over all scored answers; weighted where the sequences are. A precision or recall
/// without an answer to compute it from is NaN.
/// </summary>
public sealed class SequenceConfusionMatrix
{
    private const int LongestName = 14;

    internal SequenceConfusionMatrix(IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<double>> counts,
        IReadOnlyList<double> rowTotals)
    {
        Classes = classes;
        Counts = counts;
        Recall = [.. classes.Select((_, c) => counts[c][c] / rowTotals[c])];
        Precision = [.. classes.Select((_, c) => counts[c][c] / counts.Sum(row => row[c]))];
    }

    /// <summary>The classes' names in key order, or their numbers from 0 where the label's keys have none.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>
    /// How many answers: <c>Counts[right][answered]</c>. An answer whose scores are no numbers is in no column, though <see cref="Recall"/>
    /// counts it.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>For each class: of the answers that say it, the share that is right, 0 to 1.</summary>
    public IReadOnlyList<double> Precision { get; }

    /// <summary>For each class: of the answers that should say it, the share that does, 0 to 1.</summary>
    public IReadOnlyList<double> Recall { get; }

    /// <summary>A table: a line per right class, a column per answered class, then recall; last the precisions.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"right / answered",-18}");
        foreach (string name in Classes)
            text.Append(CultureInfo.InvariantCulture, $"{Short(name),LongestName + 1}");
        text.Append(CultureInfo.InvariantCulture, $"{"recall",10}\n");
        for (int right = 0; right < Classes.Count; right++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Short(Classes[right]),-18}");
            foreach (double count in Counts[right])
                text.Append(CultureInfo.InvariantCulture, $"{count,LongestName + 1:G7}");
            text.Append(CultureInfo.InvariantCulture, $"{Recall[right],10:F4}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{"precision",-18}");
        foreach (double precision in Precision)
            text.Append(CultureInfo.InvariantCulture, $"{precision,LongestName + 1:F4}");
        return text.ToString();
    }

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name.AsSpan(0, LongestName - 2)}..";
}
