using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>A measurement.</summary>
internal sealed record Result(string Data, string Model, int Seed, double Value, double Seconds);

/// <summary>Measurements in a file, a line each, so that a run that was stopped goes on where it was.</summary>
internal sealed class Results
{
    private readonly string _file;
    private readonly List<Result> _all = [];

    public Results(string file)
    {
        _file = file;
        if (!File.Exists(file))
            return;
        _all.AddRange(File.ReadLines(file).Select(line => line.Split('\t')).Where(cells => cells.Length == 5).Select(cells =>
            new Result(cells[0], cells[1],
            int.Parse(cells[2], CultureInfo.InvariantCulture), Number(cells[3]), Number(cells[4]))));
    }

    public bool Has(string data, string model, int seed) => _all.Any(result => (result.Data, result.Model, result.Seed) == (data, model,
        seed));

    /// <summary>A measurement, or null if there is none.</summary>
    public double? ValueOf(string data, string model, int seed) =>
        _all.Find(result => (result.Data, result.Model, result.Seed) == (data, model, seed))?.Value;

    public void Add(Result result)
    {
        _all.Add(result);
        File.AppendAllText(_file, string.Create(CultureInfo.InvariantCulture,
            $"{result.Data}\t{result.Model}\t{result.Seed}\t{result.Value:R}\t{result.Seconds:F1}\n"));
    }

    /// <summary>A table in Markdown: medians over the seeds, with the least and the greatest.</summary>
    public void Print(IEnumerable<RealDataSet> sets, string[] models)
    {
        Console.WriteLine($"| data (rows tested) | measure | {string.Join(" | ", models)} |");
        Console.WriteLine($"| --- | --- |{string.Concat(models.Select(_ => " --- |"))}");
        foreach (RealDataSet set in sets)
        {
            string cells = string.Join(" | ", models.Select(model => Cell(set.Name, model)));
            Console.WriteLine($"| {set.Name} ({set.TestRows}) | {set.Metric} | {cells} |");
        }
    }

    /// <summary>The median over the seeds, with the least and the greatest.</summary>
    public string Cell(string data, string model)
    {
        double[] values = [.. _all.Where(result => result.Data == data && result.Model == model).Select(result => result.Value).Order()];
        if (values.Length == 0)
            return "";
        double median = (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        string spread = values.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" ({values[0]:G4}-{values[^1]:G4}, {values.Length} seeds)");
        return string.Create(CultureInfo.InvariantCulture, $"{median:G4}{spread}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
