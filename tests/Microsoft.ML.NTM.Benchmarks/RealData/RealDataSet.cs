using System.ComponentModel;
using System.Reflection;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>A question with a fixed part to train on and a fixed part to test on, and everybody who answers it.</summary>
internal abstract class RealDataSet(string name, string metric)
{
    /// <summary>What the table of results calls it.</summary>
    public string Name { get; } = name;

    /// <summary>What is measured on the part to test on.</summary>
    public string Metric { get; } = metric;

    /// <summary>
    /// The part to train on, cut again in the same way: where defaults are chosen, so that the part to test on is not looked at.
    /// </summary>
    public abstract RealDataSet Inner();

    /// <summary>Rows that are answered.</summary>
    public abstract int TestRows { get; }

    /// <summary>Answers that need no training, best known ones included.</summary>
    public abstract IEnumerable<(string Model, double Value)> Naive();

    /// <summary>Trains one of our trainers, told nothing but the columns, and measures it.</summary>
    public abstract double Train(string trainer, int seed);

    /// <summary>Trains one of ML.NET's over the same windows, and measures it.</summary>
    public abstract double TrainFlat(string trainer);

    /// <summary>
    /// Our trainer with its defaults, or with what is set behind its name: "LSTM DropoutRate=0.1 WeightDecay=1e-4". One thread, so that
    /// the measurement says nothing about the machine's other work.
    /// </summary>
    protected static IEstimator<ITransformer> Ours(MLContext ml, string trainer, int seed)
    {
        string[] words = trainer.Split(' ');
        return words[0] switch
        {
            "LSTM" => ml.Sequence.Trainers.Lstm(With(new LstmTrainer.Options())),
            "NTM" => ml.Sequence.Trainers.Ntm(With(new NtmTrainer.Options())),
            "DNC" => ml.Sequence.Trainers.Dnc(With(new DncTrainer.Options())),
            _ => throw new ArgumentException($"There is no trainer called {words[0]}.", nameof(trainer)),
        };

        T With<T>(T options)
            where T : SequenceTrainerOptions
        {
            (options.Seed, options.NumberOfThreads) = (seed, 1);
            foreach (string[] setting in words.Skip(1).Select(word => word.Split('=')))
            {
                PropertyInfo option = typeof(T).GetProperty(setting[0])
                    ?? throw new ArgumentException($"{typeof(T)} has no {setting[0]}.", nameof(trainer));
                option.SetValue(options, TypeDescriptor.GetConverter(option.PropertyType).ConvertFromInvariantString(setting[1]));
            }
            return options;
        }
    }
}
