using System.Globalization;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What is known of trainings before they begin, by point of the space.</summary>
/// <param name="Cost">Operations, in any unit; null: not known.</param>
/// <param name="Memory">Bytes; null: not known, or nobody asks.</param>
internal sealed record TrialNeeds(Func<double[], double>? Cost, Func<double[], long>? Memory)
{
    /// <summary>Nothing is known.</summary>
    public static TrialNeeds Unknown { get; } = new(null, null);

    /// <summary>Those of one of the library's trainers.</summary>
    public static TrialNeeds Of<TOptions>(MLContext context, SweepSpace space, TOptions options, IDataView train, SweepOptions sweep)
        where TOptions : SequenceTrainerOptions, new() =>
        new(TrialTraining.CostOf(context, space, options, train), TrialMemory.Of(context, space, options, train, sweep));
}

/// <summary>From the user's options to a finished sweep: plan, journal, host, report, result.</summary>
internal sealed class SweepRun
{
    private readonly MLContext _context;
    private readonly SweepOptions _options;
    private readonly SweepPlan _plan;
    private readonly string _what;

    /// <summary>A sweep that has not begun.</summary>
    /// <param name="context">The user's context.</param>
    /// <param name="space">What is varied.</param>
    /// <param name="options">How.</param>
    /// <param name="needs">What training costs and needs at a point, where it is known.</param>
    /// <param name="what">What is trained, so that a journal of something else is not taken for this one's.</param>
    /// <param name="seed">The seed that the trainer's options ask for, or null.</param>
    public SweepRun(MLContext context, SweepSpace space, SweepOptions options, TrialNeeds needs, string what, int? seed)
    {
        options.ThrowIfFaulty();
        (_context, _options, _what) = (context, options, what);
        int own = options.Seed ?? seed ?? KeptSeed(options.JournalFolder) ?? ((IHostEnvironment)context).Register("Sweep").Rand.Next();

        // A process that is ended takes no trial down with it.
        _plan = PlanOf(options, space, own, needs) with { MaxAttempts = int.MaxValue };
    }

    /// <summary>What the options ask for.</summary>
    public static SweepPlan PlanOf(SweepOptions options, SweepSpace space, int seed, TrialNeeds needs) => new()
    {
        Space = space,
        Seed = seed,
        Trials = options.NumberOfTrials,
        Sampler = options.Sampler,
        ReductionFactor = options.ReductionFactor,
        Rungs = options.Rungs,
        RepeatedTrials = options.NumberOfRepeatedTrials,
        Repeats = options.NumberOfRepeats,
        Candidates = [.. options.Candidates.Select(space.PointOf)],
        Cost = needs.Cost,
        Memory = needs.Memory,
        MemoryBudget = options.MemoryBudget ?? long.MaxValue,
        CostLimit = options.CostLimit,
    };

    /// <summary>Runs it.</summary>
    /// <param name="train">Trains a trial.</param>
    /// <param name="schema">The training data's schema, to save models with.</param>
    /// <exception cref="InvalidOperationException">No trial could be trained; the message is the first one's.</exception>
    public SweepResult Run(Func<TrialWork, TrialResult> train, DataViewSchema schema)
    {
        using SweepJournal? journal = _options.JournalFolder is null ? null
            : SweepJournal.Open(new SweepFolder(_options.JournalFolder, (model, path) => _context.Model.Save(model, schema, path)),
                Identity());
        var machine = new SweepMachine(_plan, journal?.Trials);
        var report = _options.ReportPath is null ? null : new SweepHtmlFile(_options.ReportPath);
        LocalSweep? host = null;
        host = new LocalSweep(machine, train, new LocalSweepSettings
        {
            Workers = _options.NumberOfParallelTrials ?? (_context.GpuDeviceId is null ? Environment.ProcessorCount : 1),
            TimeBudget = _options.TimeBudget,
            StoppingToken = _options.StoppingToken,
            Journal = journal,
            ThrowIfCancelled = _context.ThrowIfCancelled,
            Tell = (state, isOver) => Tell(state, host!.Elapsed, isOver, report),
        });
        host.Run();
        return ResultOf(_plan, machine.Trials, _options.Metric,
            best => journal is null ? host.Models[best] : _context.Model.Load(journal.Folder.ModelPathOf(best), out _));
    }

    /// <summary>What trials have come to.</summary>
    /// <param name="plan">The sweep's plan.</param>
    /// <param name="records">All trials.</param>
    /// <param name="metric">What they were judged by.</param>
    /// <param name="modelOf">A trial's model.</param>
    /// <exception cref="InvalidOperationException">No trial could be trained.</exception>
    public static SweepResult ResultOf(SweepPlan plan, IReadOnlyList<TrialRecord> records, SweepMetric? metric, Func<int,
        ITransformer> modelOf)
    {
        if (Winner.Of(records) is not { } best)
            throw new InvalidOperationException("No trial of the sweep could be trained and measured. " + FirstError(records));
        SweepTrial[] trials = [.. records.Select(trial => SweepTrial.Of(trial, plan, metric))];
        IReadOnlyList<SweepImportance> importance = SweepImportance.Of(plan, records);
        return new SweepResult(trials, trials[best.Number], modelOf(best.Number), importance, plan.Space, NameOf(metric));
    }

    /// <summary>What reports call the metric.</summary>
    public static string NameOf(SweepMetric? metric) => metric?.Name ?? "Validation loss";

    /// <summary>How far trials have come.</summary>
    public static SweepProgress ProgressOf(SweepPlan plan, IReadOnlyList<TrialRecord> records, SweepMetric? metric, TimeSpan elapsed,
        bool isOver)
    {
        SweepTrial[] trials = [.. records.Select(trial => SweepTrial.Of(trial, plan, metric))];
        return new SweepProgress
        {
            Trials = trials,
            Best = Winner.Of(records) is { } best ? trials[best.Number] : null,
            MetricName = NameOf(metric),
            HigherIsBetter = metric?.HigherIsBetter ?? false,
            NumberOfTrials = plan.Trials,
            Elapsed = elapsed,
            IsOver = isOver,
            Space = plan.Space,
        };
    }

    private void Tell(SweepMachine machine, TimeSpan elapsed, bool isOver, SweepHtmlFile? report)
    {
        if (_options.Progress is null && report is null)
            return;
        if (_options.Progress is null && !report!.IsDue(isOver))
            return;
        SweepProgress progress = ProgressOf(_plan, machine.Trials, _options.Metric, elapsed, isOver);
        if (report is not null && report.IsDue(isOver))
            report.Write(progress, SweepImportance.Of(_plan, machine.Trials));
        _options.Progress?.Report(progress);
    }

    private SortedDictionary<string, string?> Identity() => IdentityOf(_plan, _options.Metric, _what);

    /// <summary>What tells one sweep from another.</summary>
    public static SortedDictionary<string, string?> IdentityOf(SweepPlan plan, SweepMetric? metric, string what) =>
        new(StringComparer.Ordinal)
        {
            ["space"] = plan.Space.Describe(),
            ["seed"] = plan.Seed.ToString(CultureInfo.InvariantCulture),
            ["rungs"] = FormattableString.Invariant($"{plan.Rungs} of {plan.ReductionFactor}"),
            ["metric"] = NameOf(metric),
            ["what"] = what,
        };

    private static int? KeptSeed(string? folder) =>
        folder is not null && SweepJournal.Peek(folder, "seed") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : null;

    private static string FirstError(IReadOnlyList<TrialRecord> trials) =>
        trials.FirstOrDefault(trial => trial.Error is not null) is { } failed
        ? $"Trial {failed.Number}: {failed.Error}" : "None came to its end before it was stopped.";
}
