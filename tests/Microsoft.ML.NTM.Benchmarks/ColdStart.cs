using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What a new process pays until its first score, in all and since its Main, and how much of it is compilation.</summary>
internal static class ColdStart
{
    private const int Runs = 11, Numbers = 8, Rows = 16, Steps = 20;

    /// <summary>
    /// Saves small models of each kind, and one that only copies a column, which is ML.NET alone; an application
    /// (tests/.../Publishing/ScoringApp, published) loads each and scores a sequence. Several applications, as before a change and after,
    /// take turns.
    /// </summary>
    public static void Run(string[] applications)
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        IDataView data = ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, Rows)
            .Select(_ => new SeriesRow { Features = Draw(Steps * Numbers), Label = Draw(Steps) })]);
        Run(applications, ml, "ML.NET alone, a copied column", ml.Transforms.CopyColumns("Score", "Features").Fit(data), data);
        var ntm = new NtmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        Run(applications, ml, "NTM 128 x 20", ml.Sequence.Trainers.Ntm(ntm).Fit(data), data);
        var dnc = new DncTrainer.Options { NumberOfIterations = 1, InputSize = Numbers, NumberOfReadHeads = 4 };
        Run(applications, ml, "DNC 128 x 20", ml.Sequence.Trainers.Dnc(dnc).Fit(data), data);
        var lstm = new LstmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        Run(applications, ml, "LSTM 100", ml.Sequence.Trainers.Lstm(lstm).Fit(data), data);
    }

    private static void Run(string[] applications, MLContext ml, string what, ITransformer model, IDataView data)
    {
        string file = Path.GetTempFileName();
        ml.Model.Save(model, data.Schema, file);
        string numbers = string.Join(',', Enumerable.Repeat("1", Steps * Numbers));
        var runs = new List<(string Application, double All, double Scored, string Said)>();
        for (int i = 0; i < Runs; i++)
        {
            foreach (string application in applications)
            {
                long start = Stopwatch.GetTimestamp();
                using Process process = Process.Start(new ProcessStartInfo(application, [file, numbers, "--times"])
                {
                    RedirectStandardOutput = true,
                })!;
                string said = process.StandardOutput.ReadToEnd().TrimEnd();
                process.WaitForExit();
                string last = said[(said.LastIndexOf('\n') + 1)..];
                runs.Add((application, Stopwatch.GetElapsedTime(start).TotalMilliseconds, ScoredAfter(last), last));
            }
        }
        File.Delete(file);
        foreach (var own in runs.GroupBy(run => run.Application))
        {
            (_, double all, double scored, string said) = own.OrderBy(run => run.Scored).ElementAt(Runs / 2);
            Console.WriteLine($"{what}, {own.Key}: scored {scored:F0} ms after Main began (least {own.Min(run => run.Scored):F0}), "
                + $"{all:F0} ms from start to end (least {own.Min(run => run.All):F0}); in the middle one: {said}");
        }
    }

    private static double ScoredAfter(string said)
    {
        const string Before = "scored after ";
        int at = said.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return double.Parse(said[at..said.IndexOf(" ms", at, StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private sealed class SeriesRow
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }
}
