using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>
/// People's own data and our trainers with their defaults, beside answers that need no training and ML.NET's trainers over the same
/// windows. <c>--real-data FOLDER [--results FILE] [--seeds 5] [--minutes 20] [--only NAME] [--models LSTM,NTM]
/// [--inner]</c>. What FILE has is not done again. A model may have options, "LSTM DropoutRate=0.1"; with <c>--inner</c> only the part to
/// train on is used, cut again in the same way.
/// </summary>
internal static class RealDataRun
{
    private static readonly string[] s_flat = ["SDCA", "FastTree"];

    public static void Run(string folder, string[] arguments)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(arguments, name) is var place and >= 0 && place + 1 < arguments.Length ? arguments[place + 1] : otherwise;
        int seeds = int.Parse(Option("--seeds", "5"), CultureInfo.InvariantCulture);
        var budget = TimeSpan.FromMinutes(double.Parse(Option("--minutes", "20"), CultureInfo.InvariantCulture));
        string only = Option("--only", "");
        string[] trained = Option("--models", "LSTM,NTM,DNC").Split(',');
        var results = new Results(Option("--results", "real-data.tsv"));
        bool inner = arguments.Contains("--inner");
        RealDataSet[] sets = [.. ((RealDataSet[])[MadeSets.Autoregression(), MadeSets.Order(), .. Files.Read(folder)])
            .Where(set => set.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).Select(set => inner ? set.Inner() : set)];

        var clock = Stopwatch.StartNew();
        foreach (RealDataSet set in sets)
        {
            foreach ((string model, double value) in set.Naive().Where(naive => !results.Has(set.Name, naive.Model, 0)))
                results.Add(new Result(set.Name, model, 0, value, 0));
        }
        // First everybody once, so that a short run says something about all of them.
        foreach ((string model, int seed, RealDataSet set) in from seed in Enumerable.Range(0, seeds + 1)
                                                              from model in seed == 0 ? s_flat : trained
                                                              from set in sets
                                                              select (model, seed, set))
        {
            if (results.Has(set.Name, model, seed))
                continue;
            if (clock.Elapsed > budget)
                break;
            var one = Stopwatch.StartNew();
            double value = seed == 0 ? set.TrainFlat(model) : set.Train(model, seed);
            results.Add(new Result(set.Name, model, seed, value, one.Elapsed.TotalSeconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalSeconds,6:F0} s  {set.Name}, {model}, seed {seed}: ")
                + string.Create(CultureInfo.InvariantCulture, $"{set.Metric} {value:G5} after {one.Elapsed.TotalSeconds:F0} s"));
        }
        results.Print(sets, ["optimum", "last value", "seasonal value", "commonest class", .. s_flat, .. trained]);
    }
}
