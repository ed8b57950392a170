using System.Diagnostics;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What a new process pays until its first score, in all and since its Main, and how much of it is compilation.</summary>
internal static class ColdStart
{
    private const int Runs = 11, Numbers = 8, Rows = 16, Steps = 20;

    /// <summary>
    /// Saves small models of each kind, and one that only copies a column, which is ML.NET alone; an application
    /// (tests/.../Publishing/ScoringApp, published) loads each and scores a sequence.
    /// </summary>
    public static void Run(string application)
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        IDataView data = ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, Rows)
            .Select(_ => new SeriesRow { Features = Draw(Steps * Numbers), Label = Draw(Steps) })]);
        Run(application, ml, "ML.NET alone, a copied column", ml.Transforms.CopyColumns("Score", "Features").Fit(data), data);
        var ntm = new NtmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        Run(application, ml, "NTM 128 x 20", ml.Sequence.Trainers.Ntm(ntm).Fit(data), data);
        var dnc = new DncTrainer.Options { NumberOfIterations = 1, InputSize = Numbers, NumberOfReadHeads = 4 };
        Run(application, ml, "DNC 128 x 20", ml.Sequence.Trainers.Dnc(dnc).Fit(data), data);
        var lstm = new LstmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        Run(application, ml, "LSTM 100", ml.Sequence.Trainers.Lstm(lstm).Fit(data), data);
    }

    private static void Run(string application, MLContext ml, string what, ITransformer model, IDataView data)
    {
        string file = Path.GetTempFileName();
        ml.Model.Save(model, data.Schema, file);
        var runs = new List<(double All, string Said)>();
        string numbers = string.Join(',', Enumerable.Repeat("1", Steps * Numbers));
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Process process = Process.Start(new ProcessStartInfo(application, [file, numbers, "--times"])
            {
                RedirectStandardOutput = true,
            })!;
            string said = process.StandardOutput.ReadToEnd().TrimEnd();
            process.WaitForExit();
            runs.Add((Stopwatch.GetElapsedTime(start).TotalMilliseconds, said[(said.LastIndexOf('\n') + 1)..]));
        }
        File.Delete(file);
        (double all, string last) = runs.OrderBy(run => run.All).ElementAt(Runs / 2);
        Console.WriteLine($"{what}: {all:F0} ms from start to end (least {runs.Min(run => run.All):F0}); in the middle one: {last}");
    }

    private sealed class SeriesRow
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }
}
