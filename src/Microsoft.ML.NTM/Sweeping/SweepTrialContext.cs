using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

/// <summary>What a pipeline of a sweep's trial is made of.</summary>
public sealed class SweepTrialContext
{
    private readonly TrialWork _work;

    internal SweepTrialContext(MLContext context, TrialWork work)
    {
        (MLContext, _work) = (context, work);
        Progress = new Reporter(this, null, 0);
    }

    /// <summary>The trial's own context, with the trial's seed.</summary>
    public MLContext MLContext { get; }

    /// <summary>The trial's number.</summary>
    public int Number => _work.Number;

    /// <summary>The trial's seed.</summary>
    public int Seed => _work.Seed;

    /// <summary>The trial's settings by parameter name; what does not apply to it is not there.</summary>
    public IReadOnlyDictionary<string, object> Values => _work.Values;

    /// <summary>For the trainer's options: the sweep sees validation losses here and may then ask for a stop.</summary>
    public IProgress<TrainingProgress> Progress { get; }

    /// <summary>For the trainer's options: asks for a stop with what there is.</summary>
    public CancellationToken StoppingToken => _work.Stop;

    /// <summary>A setting.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or it is not a <typeparamref name="T"/>.</exception>
    public T Value<T>(string name) => Values.TryGetValue(name, out object? value) && value is T typed ? typed
        : throw new ArgumentException($"The trial has no setting '{name}' of type {typeof(T).Name}; it has {string.Join(", ", Values)}.",
            nameof(name));

    /// <summary>
    /// A copy of <paramref name="options"/> for this trial: with its settings and seed, as many sequences to learn from whatever the batch
    /// size, validation and reports where the sweep wants them, and wired to <see cref="Progress"/> and <see cref="StoppingToken"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is no member of the options.</exception>
    public TOptions Apply<TOptions>(TOptions options)
        where TOptions : SequenceTrainerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        TOptions own = Settle(options, Values, Seed);
        if (_work.WholeTraining > 1)
        {
            // Patience is kept as so many sequences without improvement.
            double before = (double)options.ValidationInterval * options.BatchSize;
            own.ValidationInterval = own.ReportInterval = Math.Max(1, own.NumberOfIterations / _work.WholeTraining);
            int patience = options.EarlyStoppingPatience ?? TrainingDefaults.EarlyStoppingPatience;
            own.EarlyStoppingPatience =
                (int)Math.Clamp(Math.Ceiling(patience * before / ((double)own.ValidationInterval * own.BatchSize)), 1, int.MaxValue);
        }
        own.NumberOfThreads = _work.Threads ?? own.NumberOfThreads;
        own.Progress = new Reporter(this, options.Progress, own.NumberOfIterations);
        own.StoppingToken = StoppingToken;
        if (_work.CheckpointFolder is not null)
            (own.CheckpointFolder, own.CheckpointInterval) = (_work.CheckpointFolder, own.ValidationInterval);
        return own;
    }

    /// <summary>Options with a trial's settings and seed, and as many sequences to learn from as <paramref name="options"/> say.</summary>
    internal static TOptions Settle<TOptions>(TOptions options, IReadOnlyDictionary<string, object> values, int seed)
        where TOptions : SequenceTrainerOptions, new()
    {
        TOptions own = OptionsCopy.With(options, values);
        if (own is MemoryTrainerOptions { Controller: ControllerKind.FeedForward } memory && values.ContainsKey(nameof(memory.Controller)))
            memory.ControllerLayers = 1;
        if (!values.ContainsKey(nameof(own.NumberOfIterations)))
        {
            own.NumberOfIterations = InSequences(options.NumberOfIterations, least: 1);
            own.WarmUpIterations = InSequences(options.WarmUpIterations, least: 0);
            own.CurriculumIterations = InSequences(options.CurriculumIterations, least: 0);
        }
        own.Seed = seed;
        return own;

        int InSequences(int iterations, int least) =>
            (int)Math.Clamp(((long)iterations * options.BatchSize + own.BatchSize - 1) / Math.Max(1, own.BatchSize), least, int.MaxValue);
    }

    private sealed class Reporter(SweepTrialContext trial, IProgress<TrainingProgress>? also, long iterations) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            also?.Report(value);
            double share = (double)value.Iteration / (iterations > 0 ? iterations : value.NumberOfIterations);
            if (value.ValidationLoss is double loss)
                trial._work.Report(Math.Clamp((int)Math.Round(share * trial._work.WholeTraining), 0, trial._work.WholeTraining), loss);
        }
    }
}
