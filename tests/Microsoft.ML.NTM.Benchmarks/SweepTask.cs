using Microsoft.ML.NTM.Benchmarks.RealData;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>Something to sweep, with data to train on, to search by and to measure with at the end.</summary>
internal abstract class SweepTask(string name, string metric)
{
    private const int Sequences = 6_400;

    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>What is measured.</summary>
    public string Metric { get; } = metric;

    /// <summary>Two of the paper's tasks, made small, and two of the real data sets where their files are in a folder.</summary>
    public static IEnumerable<SweepTask> All(string folder)
    {
        SweepMetric bits = SweepMetric.OfSequences("Wrong bits", higherIsBetter: false, metrics => metrics.WrongBitsPerSequence);
        static double Wrong(MLContext ml, IDataView scored) => ml.Sequence.Evaluate(scored).WrongBitsPerSequence;
        yield return new Of<NtmTrainer.Options>("copy", "wrong bits per sequence", bits, Wrong)
        {
            Start = () => Small(SequenceAlignment.AfterInput),
            Data = (ml, seed) => PartsOf(part => new CopyTask(1, 8, bits: 6, 10 * seed + part), ml),
        };
        yield return new Of<NtmTrainer.Options>("repeat copy", "wrong bits per sequence", bits, Wrong)
        {
            Start = () => Small(SequenceAlignment.EveryStep),
            Data = (ml, seed) => PartsOf(part => new RepeatCopyTask(1, 4, 1, 4, bits: 4, 10 * seed + part), ml),
        };
        if (folder.Length == 0)
            yield break;
        RealDataSet[] sets = [.. Files.Read(folder)];
        if (sets.OfType<ClassificationSet>().FirstOrDefault(set => set.Name.StartsWith("Bach")) is { } chords)
        {
            yield return new Of<LstmTrainer.Options>("Bach chorales", "accuracy",
                SweepMetric.OfSequences("Accuracy", higherIsBetter: true, metrics => metrics.ElementAccuracy),
                (ml, scored) => ml.Sequence.Evaluate(scored).ElementAccuracy)
            {
                Start = () => new LstmTrainer.Options(),
                Data = (ml, _) => (chords.Windows(ml, test: false, place => place % 4 != 3), chords.Windows(ml, test: false, place =>
                    place % 4 == 3), chords.Windows(ml, test: true, _ => true)),
            };
        }
        if (sets.OfType<ForecastSet>().FirstOrDefault(set => set.Name.StartsWith("Beijing")) is { } hours)
        {
            yield return new Of<LstmTrainer.Options>("Beijing PM2.5", "RMSE", SweepMetric.RootMeanSquaredError(),
                (ml, scored) => ml.Regression.Evaluate(scored).RootMeanSquaredError)
            {
                Start = () => new LstmTrainer.Options(),
                Data = (ml, _) => (hours.Windows(ml, 0, 0.75), hours.Windows(ml, 0.75, 1), hours.Windows(ml, 1, 2)),
            };
        }
    }

    /// <summary>The first trial's settings, trained alone: the measure on the data that nobody saw.</summary>
    public abstract double Alone(int seed);

    /// <summary>A sweep, and the measure of what it found.</summary>
    public abstract (SweepResult Found, double Test) Sweep(int seed, SweepOptions options);

    // The trainer's defaults but for the network, which is small, and for the length of the training.
    private static NtmTrainer.Options Small(SequenceAlignment alignment) => new()
    {
        Alignment = alignment,
        Loss = SequenceLoss.BinaryCrossEntropy,
        OutputLengthColumnName = alignment == SequenceAlignment.AfterInput ? "OutputLength" : null,
        NumberOfIterations = Sequences / 16,
        ControllerSize = 32,
        MemorySlots = 32,
        MemoryWidth = 12,
    };

    private static (IDataView, IDataView, IDataView) PartsOf(Func<int, SequenceTask> task, MLContext ml) =>
        (task(1).ToDataView(ml, 4_000), task(2).ToDataView(ml, 200), task(3).ToDataView(ml, 300));

    private sealed class Of<TOptions>(string name, string metric, SweepMetric searchedBy, Func<MLContext, IDataView, double> measure)
        : SweepTask(name, metric)
        where TOptions : SequenceTrainerOptions, new()
    {
        public required Func<TOptions> Start { get; init; }

        public required Func<MLContext, int, (IDataView Train, IDataView Validation, IDataView Test)> Data { get; init; }

        public override double Alone(int seed)
        {
            var options = new SweepOptions { NumberOfTrials = 1, NumberOfParallelTrials = 1, Rungs = 0, Seed = seed };
            return Sweep(seed, options).Test;
        }

        public override (SweepResult Found, double Test) Sweep(int seed, SweepOptions options)
        {
            var ml = new MLContext(seed);
            (IDataView train, IDataView validation, IDataView test) = Data(ml, seed);
            options.Metric = searchedBy;
            TOptions start = Start();
            (start.Seed, start.NumberOfThreads) = (seed, 1);
            SweepResult<TOptions> found = ml.Sequence.Sweep(ml.Data.Cache(train), validation, start, options);
            return (found, measure(ml, found.Model.Transform(test)));
        }
    }
}
