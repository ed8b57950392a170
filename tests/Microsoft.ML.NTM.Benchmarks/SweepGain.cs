using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// Whether sweeps help: the defaults against a minute's search at random, with early stopping, and with the sampler that learns. One
/// thread; the
/// figure is that of held-out data which the search never saw. Run with <c>--sweeps SECONDS SEEDS</c>.
/// </summary>
internal static class SweepGain
{
    public static void Run(double seconds, int seeds)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{seconds:F0} s each, {seeds} seeds, one thread; median (least, most); trials completed / all"));
        var ml = new MLContext(1);
        Compare("copy task, wrong bits per sequence", seconds, seeds, seed => Copy(ml, seed));
        Compare("Mackey-Glass 12 steps ahead, RMSE", seconds, seeds, seed => Forecast(ml, seed));
    }

    private static void Compare(string task, double seconds, int seeds, Func<int, Func<SweepOptions,
        (SweepResult Found, double Start, double Best)>> sweepOf)
    {
        Console.WriteLine(task);
        (string Name, SweepSampler Sampler, int Rungs)[] ways =
        [
            ("random, every trial to its end", SweepSampler.Random, 0),
            ("random, bad trials stopped early", SweepSampler.Random, 2),
            ("as it is by default", SweepSampler.Parzen, 2),
        ];
        List<double>[] best = [.. ways.Select(_ => new List<double>())];
        int[] completed = new int[ways.Length], all = new int[ways.Length];
        var start = new List<double>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                (SweepResult found, double first, double last) = sweepOf(seed)(new SweepOptions
                {
                    NumberOfTrials = 10_000,
                    TimeBudget = TimeSpan.FromSeconds(seconds),
                    NumberOfParallelTrials = 1,
                    Sampler = ways[way].Sampler,
                    Rungs = ways[way].Rungs,
                    Seed = seed,
                });
                if (way == 0)
                    start.Add(first);
                best[way].Add(last);
                completed[way] += found.Trials.Count(trial => trial.Status == SweepTrialStatus.Completed);
                all[way] += found.Trials.Count;
            }
        }
        Console.WriteLine($"  {"defaults, one training",-36} {Spread(start)}");
        for (int way = 0; way < ways.Length; way++)
            Console.WriteLine($"  {ways[way].Name,-36} {Spread(best[way])}  {completed[way]} / {all[way]}");
    }

    private static Func<SweepOptions, (SweepResult, double, double)> Copy(MLContext ml, int seed) => options =>
    {
        IDataView Data(int rows, int part) => new CopyTask(1, 8, bits: 6, (10 * seed) + part).ToDataView(ml, rows);
        options.Metric = SweepMetric.OfSequences("Wrong bits", higherIsBetter: false, metrics => metrics.WrongBitsPerSequence);
        var start = new NtmTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            OutputLengthColumnName = "OutputLength",
            NumberOfIterations = 400,
            NumberOfThreads = 1,
            ControllerSize = 32,
            MemorySlots = 32,
            MemoryWidth = 12,
            Seed = seed,
        };
        IDataView test = Data(300, 3);
        SweepResult<NtmTrainer.Options> found = ml.Sequence.Sweep(Data(4_000, 1), Data(200, 2), start, options);
        SequenceTransformer alone = ml.Sequence.Trainers.Ntm(start).Fit(Data(4_000, 1), Data(200, 2));
        double Wrong(ITransformer model) => ml.Sequence.Evaluate(model.Transform(test)).WrongBitsPerSequence;
        return (found, Wrong(alone), Wrong(found.Model));
    };

    private static Func<SweepOptions, (SweepResult, double, double)> Forecast(MLContext ml, int seed) => options =>
    {
        Window[] windows = Windows(3_000, seed);
        IDataView train = ml.Data.LoadFromEnumerable(windows[..1_600]), validation = ml.Data.LoadFromEnumerable(windows[1_700..2_200]);
        IDataView test = ml.Data.LoadFromEnumerable(windows[2_300..]);
        options.Metric = SweepMetric.RootMeanSquaredError();
        var start = new LstmTrainer.Options { ControllerSize = 32, NumberOfIterations = 500, NumberOfThreads = 1, Seed = seed };
        SweepResult<LstmTrainer.Options> found = ml.Sequence.Sweep(train, validation, start, options);
        SequenceTransformer alone = ml.Sequence.Trainers.Lstm(start).Fit(train, validation);
        double Error(ITransformer model) => ml.Regression.Evaluate(model.Transform(test)).RootMeanSquaredError;
        return (found, Error(alone), Error(found.Model));
    };

    // The series of samples/Forecasting, from another point for each seed; a window of 24 values and the one 12 steps after it.
    private static Window[] Windows(int count, int seed)
    {
        const int Delay = 170, Length = 24, Ahead = 12;
        var past = new Queue<double>(Enumerable.Repeat(1.1 + (0.02 * seed), Delay));
        double x = 1.2;
        var series = new List<float>();
        for (int t = -5_000; t < 10 * (count + Length + Ahead); t++)
        {
            past.Enqueue(x);
            double delayed = past.Dequeue();
            x += 0.1 * ((0.2 * delayed / (1 + Math.Pow(delayed, 10))) - (0.1 * x));
            if (t >= 0 && t % 10 == 0)
                series.Add((float)x);
        }
        return [.. Enumerable.Range(0, count)
            .Select(i => new Window { Features = [.. series.Skip(i).Take(Length)], Label = series[i + Length - 1 + Ahead] })];
    }

    private static string Spread(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:G3} ({sorted[0]:G3}, {sorted[^1]:G3})");
    }

    private sealed class Window
    {
        [VectorType(24, 1)] public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
