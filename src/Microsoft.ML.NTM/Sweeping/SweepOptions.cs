namespace Microsoft.ML.NTM;

/// <summary>How a sweep goes about it.</summary>
public sealed class SweepOptions
{
    /// <summary>
    /// Trials of the search, at least 1; the repetitions of the best come on top. Default 30. Where the best came late, more would find
    /// better ones.
    /// </summary>
    public int NumberOfTrials { get; set; } = 30;

    /// <summary>
    /// Time after which trials are stopped as they are and measured, above 0. Null, the default: none. The time that you have: a search is
    /// never finished.
    /// </summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>
    /// Trials that are trained at the same time, at least 1, each on one thread. Null, the default: one per core, and one where a GPU is
    /// asked for. With 1, the same seed gives the same sweep bit for bit.
    /// </summary>
    public int? NumberOfParallelTrials { get; set; }

    /// <summary>
    /// How the next trial is chosen. Default <see cref="SweepSampler.Parzen"/>. At random is for comparisons, and for a look at the whole
    /// space.
    /// </summary>
    public SweepSampler Sampler { get; set; } = SweepSampler.Parzen;

    /// <summary>
    /// At each rung one trial in so many goes on, at least 2. Default 3. More looks at more settings, and drops more of the slow starters.
    /// </summary>
    public int ReductionFactor { get; set; } = 3;

    /// <summary>
    /// Points where bad trials are stopped, at least 0, each <see cref="ReductionFactor"/> times as far as the one before: with 2 and 3
    /// after 1/9 and 1/3 of the training. More rungs stop sooner, and more often wrongly: networks with a memory learn nothing for a while
    /// before they learn fast. 0: every trial is trained to its end. Default 2.
    /// </summary>
    public int Rungs { get; set; } = 2;

    /// <summary>
    /// How many of the best settings, at least 0, are trained again with other seeds before one is chosen. Default 3. Only where <see
    /// cref="NumberOfRepeats"/> is above 0.
    /// </summary>
    public int NumberOfRepeatedTrials { get; set; } = 3;

    /// <summary>
    /// How often each of them is, at least 0, with a seed of its own. Default 0: the best single trial wins. 2 or 3 where seeds differ as
    /// much as settings do.
    /// </summary>
    public int NumberOfRepeats { get; set; }

    /// <summary>
    /// Settings whose training would cost more than so many times the first trial's, per sequence, are not tried; at least 1. Default 20.
    /// Raise it where the first trial is a small network.
    /// </summary>
    public double CostLimit { get; set; } = 20;

    /// <summary>
    /// Bytes, at least 1, that the trials which a process trains at the same time may need together, by what is known of them before: the
    /// network, its optimizer and a batch of the longest sequences. Settings that need more are not drawn, and where they were asked for
    /// they are recorded as failed and not begun; one that fits alone but not beside those under way waits. The data itself and pipelines,
    /// of which nothing is known, are not counted. Asking reads the training data once. Null, the default: only what a single training may
    /// take is limited. Set it where several large networks side by side would fill the machine.
    /// </summary>
    public long? MemoryBudget { get; set; }

    /// <summary>
    /// Settings to try right after the first trial: values by parameter name; what is not named is as in the first trial. Default: none.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object>> Candidates { get; set; } = [];

    /// <summary>
    /// What is varied. Null, the default: the trainer's options that have search attributes, starting at those given. A sweep over
    /// pipelines must say.
    /// </summary>
    public SweepSpace? Space { get; set; }

    /// <summary>What models are judged by. Null, the default: the validation loss that their training ended with.</summary>
    public SweepMetric? Metric { get; set; }

    /// <summary>
    /// Seed of all draws and trainings, any number. Null, the default: drawn from the MLContext's. Set it to search the same way again; a
    /// cluster needs it.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// A folder that keeps the journal, the models that may win and checkpoints. A sweep that finds itself there goes on where it was,
    /// however it ended. Null, the default: nowhere, and models are kept in memory.
    /// </summary>
    public string? JournalFolder { get; set; }

    /// <summary>An .html file that shows the sweep as it goes, on its own and without a network. Null, the default: none.</summary>
    public string? ReportPath { get; set; }

    /// <summary>
    /// Told about every event, on the thread where it happened, one at a time. Null, the default: nobody is. A <see cref="SweepConsole"/>
    /// shows a table.
    /// </summary>
    public IProgress<SweepProgress>? Progress { get; set; }

    /// <summary>Stops trials as they are, measures them, and ends the sweep with what there is. Default: none.</summary>
    public CancellationToken StoppingToken { get; set; }

    /// <summary>All faults in one exception.</summary>
    /// <exception cref="ArgumentException">The message lists every fault.</exception>
    internal void ThrowIfFaulty()
    {
        List<string> faults = [];
        void AtLeast(string name, double value, double least)
        {
            if (!(value >= least))
                faults.Add(FormattableString.Invariant($"{name} must be at least {least}; it is {value}."));
        }
        AtLeast(nameof(NumberOfTrials), NumberOfTrials, 1);
        AtLeast(nameof(NumberOfParallelTrials), NumberOfParallelTrials ?? 1, 1);
        AtLeast(nameof(ReductionFactor), ReductionFactor, 2);
        AtLeast(nameof(Rungs), Rungs, 0);
        AtLeast(nameof(NumberOfRepeatedTrials), NumberOfRepeatedTrials, 0);
        AtLeast(nameof(NumberOfRepeats), NumberOfRepeats, 0);
        AtLeast(nameof(CostLimit), CostLimit, 1);
        AtLeast(nameof(MemoryBudget), MemoryBudget ?? 1, 1);
        if (Rungs * Math.Log(Math.Max(2, ReductionFactor)) > Math.Log(10_000))
            faults.Add($"ReductionFactor to the power of Rungs must be at most 10000; they are {ReductionFactor} and {Rungs}.");
        if (TimeBudget <= TimeSpan.Zero)
            faults.Add($"{nameof(TimeBudget)} must be above 0; it is {TimeBudget}.");
        if (!Enum.IsDefined(Sampler))
            faults.Add($"{nameof(Sampler)} must be one of {string.Join(", ", Enum.GetNames<SweepSampler>())}; it is {Sampler}.");
        if (faults.Count > 0)
            throw new ArgumentException($"{faults.Count} of the sweep's options cannot be used. {string.Join(" ", faults)}", "options");
    }
}
