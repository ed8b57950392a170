namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>A question with a fixed part to train on and a fixed part to test on, and everybody who answers it.</summary>
internal abstract class RealDataSet(string name, string metric)
{
    /// <summary>What the table of results calls it.</summary>
    public string Name { get; } = name;

    /// <summary>What is measured on the part to test on.</summary>
    public string Metric { get; } = metric;

    /// <summary>Rows that are answered.</summary>
    public abstract int TestRows { get; }

    /// <summary>Answers that need no training, best known ones included.</summary>
    public abstract IEnumerable<(string Model, double Value)> Naive();

    /// <summary>Trains one of our trainers, told nothing but the columns, and measures it.</summary>
    public abstract double Train(string trainer, int seed);

    /// <summary>Trains one of ML.NET's over the same windows, and measures it.</summary>
    public abstract double TrainFlat(string trainer);

    /// <summary>Our trainer with its defaults. One thread, so that the measurement says nothing about the machine's other work.</summary>
    protected static IEstimator<ITransformer> Ours(MLContext ml, string trainer, int seed) => trainer switch
    {
        "LSTM" => ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { Seed = seed, NumberOfThreads = 1 }),
        "NTM" => ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { Seed = seed, NumberOfThreads = 1 }),
        _ => ml.Sequence.Trainers.Dnc(new DncTrainer.Options { Seed = seed, NumberOfThreads = 1 }),
    };
}
