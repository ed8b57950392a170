using System.Text.Json;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>How trials are trained and measured in this process.</summary>
internal static class TrialTraining
{
    /// <summary>Trials of one of the library's trainers, validated as they go.</summary>
    public static Func<TrialWork, TrialResult> OfTrainer<TOptions>(
        MLContext parent, TOptions options, IDataView train, IDataView validation, SweepMetric? metric)
        where TOptions : SequenceTrainerOptions, new() => work =>
        {
            var trial = new SweepTrialContext(ContextOf(parent, work.Seed), work);
            SequenceTransformer model = Fit(trial.MLContext, trial.Apply(options), train, validation);
            return new TrialResult(model, () => metric?.Objective(trial.MLContext, model.Transform(validation))
                ?? model.Model.History?.ValidationLoss ?? double.NaN);
        };

    /// <summary>Trials of any pipeline.</summary>
    public static Func<TrialWork, TrialResult> OfPipeline(
        MLContext parent, Func<SweepTrialContext, IEstimator<ITransformer>> pipeline, IDataView train, IDataView validation,
            SweepMetric metric) => work =>
        {
            var trial = new SweepTrialContext(ContextOf(parent, work.Seed), work);
            ITransformer model = pipeline(trial).Fit(train);
            return new TrialResult(model, () => metric.Objective(trial.MLContext, model.Transform(validation)));
        };

    /// <summary>
    /// What training costs at a point of a space of the trainer's options, per sequence; also finds faults of the options and columns
    /// before any trial.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static Func<double[], double> CostOf<TOptions>(MLContext context, SweepSpace space, TOptions options, IDataView train)
        where TOptions : SequenceTrainerOptions, new()
    {
        _ = TrainerOf(context, options);
        SequenceFormat format = FormatResolver.Resolve(train, options.ToColumns());
        return point =>
        {
            TOptions own = OptionsCopy.With(options, space.ValuesOf(point));
            return NetworkCost.PerSequence(format.Embed(own.ToNetwork(format.InputSize, format.OutputSize)), steps: 1);
        };
    }

    /// <summary>The options in words, without what is only for this run.</summary>
    public static string Describe<TOptions>(TOptions options)
        where TOptions : SequenceTrainerOptions, new()
    {
        TOptions plain = OptionsCopy.With(options, new Dictionary<string, object>());
        (plain.Progress, plain.StoppingToken, plain.CheckpointFolder, plain.NumberOfThreads) = (null, default, null, null);
        return $"{typeof(TOptions).DeclaringType?.Name} {JsonSerializer.Serialize(plain)}";
    }

    private static SequenceTransformer Fit(MLContext context, SequenceTrainerOptions options, IDataView train, IDataView validation) =>
        TrainerOf(context, options) switch
        {
            NtmTrainer ntm => ntm.Fit(train, validation),
            DncTrainer dnc => dnc.Fit(train, validation),
            LstmTrainer lstm => lstm.Fit(train, validation),
            _ => throw new NotSupportedException($"There is no trainer for {options.GetType()}."),
        };

    private static object TrainerOf(MLContext context, SequenceTrainerOptions options) => options switch
    {
        NtmTrainer.Options ntm => new NtmTrainer(context, ntm),
        DncTrainer.Options dnc => new DncTrainer(context, dnc),
        LstmTrainer.Options lstm => new LstmTrainer(context, lstm),
        _ => throw new NotSupportedException($"There is no trainer for {options.GetType()}."),
    };

    // A context of its own: trials run side by side, and each has its seed.
    private static MLContext ContextOf(MLContext parent, int seed) =>
        new(seed) { GpuDeviceId = parent.GpuDeviceId, FallbackToCpu = parent.FallbackToCpu };
}
