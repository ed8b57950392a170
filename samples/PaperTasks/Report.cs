using System.Globalization;
using System.Text;
using Spectre.Console;

/// <summary>The results of all networks and seeds, for the terminal and for a file.</summary>
internal static class Report
{
    public static Table Table(PaperTask task, IReadOnlyList<SeedResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(Titles(task));
        foreach (string[] row in Rows(task, results))
            table.AddRow(row);
        return table;
    }

    public static string Markdown(PaperTask task, Settings settings, IReadOnlyList<SeedResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {task.Name}, {settings.Model}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{settings.Budget} minutes per seed; {settings.Tests} sequences per result.");
        text.AppendLine();
        text.AppendLine($"| {string.Join(" | ", Titles(task))} |").AppendLine($"|{string.Concat(Titles(task).Select(_ => " --- |"))}");
        foreach (string[] row in Rows(task, results))
            text.AppendLine($"| {string.Join(" | ", row)} |");
        return text.ToString();
    }

    private static string[] Titles(PaperTask task) =>
    [
        "model", "seed", "sequences", "seconds", "wrong bits", task.Name == "ngrams" ? "bits above the optimum" : "bits",
        .. task.Lengths.Select((length, i) => i == 0 ? $"{task.Measure} {length}" : $"{length}"),
    ];

    private static IEnumerable<string[]> Rows(PaperTask task, IReadOnlyList<SeedResult> results)
    {
        foreach (IGrouping<string, SeedResult> model in results.GroupBy(result => result.Model))
        {
            SeedResult[] seeds = [.. model];
            foreach (SeedResult one in seeds)
                yield return Row(model.Key, $"{one.Seed}", task, of => of(one));
            if (seeds.Length == 1)
                continue;
            string solved = task.CanBePerfect ? $"median; {seeds.Count(seed => seed.Solved)} of {seeds.Length} solved" : "median";
            yield return Row(model.Key, solved, task, of => Median(seeds.Select(of)));
        }
    }

    private static string[] Row(string model, string name, PaperTask task, Func<Func<SeedResult, double>, double> sum) =>
    [
        model, name, Number(sum(one => one.Sequences), "N0"), Number(sum(one => one.History.Elapsed.TotalSeconds), "N0"),
        Number(sum(one => one.WrongBits), "0.###"), Number(sum(Above), "0.###"),
        .. task.Lengths.Select(length => Number(sum(one => one.WrongBitsByLength[length]), "0.##")),
    ];

    private static double Above(SeedResult one) => one.Bits - (one.Optimum ?? 0);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
