using System.Text.Json;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>
/// A sweep that a cluster makes. Every silo makes the same object, from the same program and data, and gives it to
/// <see cref="SweepSilos.AddSweep"/>; the cluster then agrees on which of them trains what.
/// </summary>
public sealed class ClusterSweep
{
    /// <summary>The name of the grain storage that keeps sweeps.</summary>
    public const string StorageName = "sweeps";

    private readonly MLContext _context;
    private readonly SweepOptions _options;
    private readonly SweepMetric? _metric;

    private ClusterSweep(string name, MLContext context, SweepOptions options, SweepPlan plan, string what, Func<TrialWork,
        TrialResult> train, DataViewSchema schema)
    {
        (Name, _context, _options, Plan, Train, _metric) = (name, context, options, plan, train, options.Metric);
        Folder = new SweepFolder(options.JournalFolder!, (model, path) => context.Model.Save(model, schema, path));
        Identity = JsonSerializer.Serialize(SweepRun.IdentityOf(plan, options.Metric, what));
    }

    /// <summary>What the cluster knows it by.</summary>
    public string Name { get; }

    internal SweepPlan Plan { get; }

    internal Func<TrialWork, TrialResult> Train { get; }

    internal SweepFolder Folder { get; }

    internal string Identity { get; }

    internal TimeSpan? TimeBudget => _options.TimeBudget;

    /// <summary>A sweep over a trainer's options, as <c>mlContext.Sequence.Sweep</c> makes it in one process.</summary>
    /// <param name="name">What the cluster knows it by; another sweep needs another name.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="trainData">What to train on; each silo reads its own.</param>
    /// <param name="validationData">What trials are compared by.</param>
    /// <param name="start">The first trial's options.</param>
    /// <param name="options">
    /// How to go about it. Its seed must be given, and as journal folder one that all silos can write: models and checkpoints are there.
    /// The time budget counts from the first trial, by the clock of whoever holds the sweep; the memory budget is each silo's. Parallel
    /// trials are a single process's and not used here: <see cref="SweepSilos.AddSweep"/> has its own. Progress and report are for whoever
    /// waits.
    /// </param>
    /// <param name="lease">How long a worker may be silent before its trial is given to another. Null: one minute.</param>
    /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static ClusterSweep Over<TOptions>(
        string name, MLContext mlContext, IDataView trainData, IDataView validationData, TOptions start, SweepOptions options,
            TimeSpan? lease = null)
        where TOptions : SequenceTrainerOptions, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(start);
        options.ThrowIfFaulty();
        int seed = Required(options, start.Seed);
        SweepSpace space = options.Space ?? SpaceReader.Read(start);
        SweepPlan plan = PlanOf(options, space, seed, TrialNeeds.Of(mlContext, space, start, trainData, OneThreadEach(options)), lease);
        return new ClusterSweep(name, mlContext, options, plan, TrialTraining.Describe(start),
            TrialTraining.OfTrainer(mlContext, start, trainData, validationData, options.Metric), trainData.Schema);
    }

    /// <summary>A sweep over any pipeline, as <c>mlContext.Sequence.Sweep</c> makes it in one process.</summary>
    /// <param name="name">What the cluster knows it by; another sweep needs another name.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="trainData">What to train on; each silo reads its own.</param>
    /// <param name="validationData">What trials are compared by.</param>
    /// <param name="pipeline">Makes a trial's pipeline; called on several threads where a silo has several workers.</param>
    /// <param name="options">
    /// How to go about it. Space and metric must be given, and as for a trainer's options the seed and a journal folder that all silos can
    /// write.
    /// </param>
    /// <param name="lease">How long a worker may be silent before its trial is given to another. Null: one minute.</param>
    /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
    public static ClusterSweep OverPipelines(
        string name, MLContext mlContext, IDataView trainData, IDataView validationData,
            Func<SweepTrialContext, IEstimator<ITransformer>> pipeline, SweepOptions options, TimeSpan? lease = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pipeline);
        options.ThrowIfFaulty();
        if (options.Metric is not { } metric || options.Space is not { } space)
            throw new ArgumentException("A sweep over pipelines needs the options' Metric and Space.", nameof(options));
        SweepPlan plan = PlanOf(options, space, Required(options, null), TrialNeeds.Unknown, lease);
        return new ClusterSweep(name, mlContext, options, plan, "pipeline",
            TrialTraining.OfPipeline(mlContext, pipeline, trainData, validationData, metric), trainData.Schema);
    }

    /// <summary>How far the cluster is.</summary>
    /// <param name="grains">The cluster, seen from a silo or a client.</param>
    public async Task<SweepProgress> LookAsync(IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        SweepSnapshot snapshot = await grains.GetGrain<ISweepGrain>(Name).Look();
        return SweepRun.ProgressOf(Plan, SweepState.Read(snapshot.Trials), _metric, TimeSpan.Zero, snapshot.IsDone);
    }

    /// <summary>Waits for the sweep's end. On the way it tells the options' progress and writes their report, once a second.</summary>
    /// <param name="grains">The cluster, seen from a silo or a client.</param>
    /// <param name="cancellation">Ends the waiting, not the sweep.</param>
    /// <exception cref="InvalidOperationException">No trial could be trained; the message says why the first could not.</exception>
    public async Task<SweepResult> WaitAsync(IGrainFactory grains, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        long start = TimeProvider.System.GetTimestamp();
        var report = _options.ReportPath is null ? null : new SweepHtmlFile(_options.ReportPath);
        while (true)
        {
            SweepSnapshot snapshot = await Calls.Patiently(() => grains.GetGrain<ISweepGrain>(Name).Look(), cancellation);
            List<TrialRecord> trials = SweepState.Read(snapshot.Trials);
            SweepProgress progress = SweepRun.ProgressOf(Plan, trials, _metric, TimeProvider.System.GetElapsedTime(start), snapshot.IsDone);
            _options.Progress?.Report(progress);
            if (report is not null && report.IsDue(snapshot.IsDone))
                report.Write(progress, SweepImportance.Of(Plan, trials));
            if (snapshot.IsDone)
                return SweepRun.ResultOf(Plan, trials, _metric, best => _context.Model.Load(Folder.ModelPathOf(best), out _));
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static int Required(SweepOptions options, int? startSeed) =>
        (options.Seed ?? startSeed) is int seed && !string.IsNullOrEmpty(options.JournalFolder) ? seed
            : throw new ArgumentException("A cluster's sweep needs the options' Seed and JournalFolder, the same on every silo.",
                nameof(options));

    private static SweepPlan PlanOf(SweepOptions options, SweepSpace space, int seed, TrialNeeds needs, TimeSpan? lease) =>
        SweepRun.PlanOf(options, space, seed, needs) with
        {
            Lease = (long)(lease ?? TimeSpan.FromMinutes(1)).TotalMilliseconds,
        };

    // Workers train on one thread each, however many trials the options would train side by side.
    private static SweepOptions OneThreadEach(SweepOptions options) =>
        new() { MemoryBudget = options.MemoryBudget };
}
