using System.Globalization;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Sweeping;

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
    /// <param name="cost">What training costs at a point, or null.</param>
    /// <param name="what">What is trained, so that a journal of something else is not taken for this one's.</param>
    /// <param name="seed">The seed that the trainer's options ask for, or null.</param>
    public SweepRun(MLContext context, SweepSpace space, SweepOptions options, Func<double[], double>? cost, string what, int? seed)
    {
        options.ThrowIfFaulty();
        (_context, _options, _what) = (context, options, what);
        _plan = new SweepPlan
        {
            Space = space,
            Seed = options.Seed ?? seed ?? KeptSeed(options.JournalFolder) ?? ((IHostEnvironment)context).Register("Sweep").Rand.Next(),
            Trials = options.NumberOfTrials,
            Sampler = options.Sampler,
            ReductionFactor = options.ReductionFactor,
            Rungs = options.Rungs,
            RepeatedTrials = options.NumberOfRepeatedTrials,
            Repeats = options.NumberOfRepeats,
            Candidates = [.. options.Candidates.Select(space.PointOf)],
            Cost = cost,
            CostLimit = options.CostLimit,
            // A process that is ended takes no trial down with it.
            MaxAttempts = int.MaxValue,
        };
    }

    /// <summary>Runs it.</summary>
    /// <param name="train">Trains a trial.</param>
    /// <param name="schema">The training data's schema, to save models with.</param>
    /// <exception cref="InvalidOperationException">No trial could be trained; the message is the first one's.</exception>
    public SweepResult Run(Func<TrialWork, TrialResult> train, DataViewSchema schema)
    {
        using SweepJournal? journal = _options.JournalFolder is null ? null
            : SweepJournal.Open(_options.JournalFolder, Identity(), (model, path) => _context.Model.Save(model, schema, path));
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
        if (Winner.Of(machine.Trials) is not { } best)
            throw new InvalidOperationException("No trial of the sweep could be trained and measured. " + FirstError(machine.Trials));
        ITransformer model = journal is null ? host.Models[best.Number] : _context.Model.Load(journal.ModelPathOf(best.Number), out _);
        SweepTrial[] trials = TrialsOf(machine);
        return new SweepResult(trials, trials[best.Number], model, SweepImportance.Of(_plan, machine.Trials), _plan.Space, MetricName);
    }

    private string MetricName => _options.Metric?.Name ?? "Validation loss";

    private void Tell(SweepMachine machine, TimeSpan elapsed, bool isOver, SweepHtmlFile? report)
    {
        if (_options.Progress is null && report is null)
            return;
        if (_options.Progress is null && !report!.IsDue(isOver))
            return;
        SweepTrial[] trials = TrialsOf(machine);
        var progress = new SweepProgress
        {
            Trials = trials,
            Best = Winner.Of(machine.Trials) is { } best ? trials[best.Number] : null,
            MetricName = MetricName,
            HigherIsBetter = _options.Metric?.HigherIsBetter ?? false,
            NumberOfTrials = _plan.Trials,
            Elapsed = elapsed,
            IsOver = isOver,
            Space = _plan.Space,
        };
        if (report is not null && report.IsDue(isOver))
            report.Write(progress, SweepImportance.Of(_plan, machine.Trials));
        _options.Progress?.Report(progress);
    }

    private SweepTrial[] TrialsOf(SweepMachine machine) =>
        [.. machine.Trials.Select(trial => SweepTrial.Of(trial, _plan, _options.Metric))];

    private SortedDictionary<string, string?> Identity() => new(StringComparer.Ordinal)
    {
        ["space"] = _plan.Space.Describe(),
        ["seed"] = _plan.Seed.ToString(CultureInfo.InvariantCulture),
        ["rungs"] = FormattableString.Invariant($"{_plan.Rungs} of {_plan.ReductionFactor}"),
        ["metric"] = MetricName,
        ["what"] = _what,
    };

    private static int? KeptSeed(string? folder) =>
        folder is not null && SweepJournal.Peek(folder, "seed") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : null;

    private static string FirstError(IReadOnlyList<TrialRecord> trials) =>
        trials.FirstOrDefault(trial => trial.Error is not null) is { } failed
        ? $"Trial {failed.Number}: {failed.Error}" : "None came to its end before it was stopped.";
}
