using Microsoft.ML;
using Microsoft.ML.NTM;

/// <summary>The networks of the paper's tables 1 to 3 and, of the same size, the other paper's.</summary>
internal static class Networks
{
    // Enough that a report's mean says whether a task is learned.
    private const int SequencesPerReport = 1600;

    /// <summary>A trainer's options, which flags may change.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public static SequenceTrainerOptions Options(string model, PaperTask task)
    {
        SequenceTrainerOptions options = model switch
        {
            "ntm" => new NtmTrainer.Options
            {
                ControllerLayers = task.Name == "sort" ? 2 : 1,
                NumberOfReadHeads = Heads(),
                NumberOfWriteHeads = Heads(),
            },
            "ntm-ff" => new NtmTrainer.Options
            {
                Controller = ControllerKind.FeedForward,
                ControllerSize = task.Name switch { "recall" => 256, "sort" => 512, _ => 100 },
                NumberOfReadHeads = FeedForwardHeads(),
                NumberOfWriteHeads = FeedForwardHeads(),
            },
            "dnc" => new DncTrainer.Options { MemorySlots = 64, MemoryWidth = 20, NumberOfReadHeads = 1, ControllerSize = 100 },
            "lstm" => new LstmTrainer.Options
            {
                DropoutRate = 0,
                ControllerLayers = 3,
                ControllerSize = task.Name switch { "repeat-copy" => 512, "ngrams" or "sort" => 128, _ => 256 },
            },
            _ => throw new ArgumentException($"There is no network '{model}'. There are: ntm, ntm-ff, dnc, lstm."),
        };
        SequenceTask data = task.Train(0);
        options.Alignment = data.AnswersAfterInput ? SequenceAlignment.AfterInput : SequenceAlignment.EveryStep;
        options.OutputLengthColumnName = data.AnswersAfterInput ? "OutputLength" : null;
        options.Loss = SequenceLoss.BinaryCrossEntropy;
        options.Seed = 1;

        // Fresh sequences without end: none need be held back. What ends a training is that it has learned, or its time.
        options.ValidationSetFraction = 0;
        options.NumberOfIterations = 1_000_000_000;
        options.CheckpointInterval = 5_000;

        // The memory's defaults for all: docs/defaults.md.
        (options.RmsPropCentered, options.GradientClipNorm) = (false, 10);
        options.TargetLoss = task.CanBePerfect ? 0.02 : null;
        return options;

        int Heads() => task.Name == "sort" ? 5 : 1;
        int FeedForwardHeads() => task.Name switch { "recall" => 4, "sort" => 8, _ => 1 };
    }

    /// <summary>What the command line leaves open: how long, and reports of as many sequences whatever the batch.</summary>
    public static void Complete(SequenceTrainerOptions options, Settings settings, bool reportsGiven)
    {
        options.TimeBudget ??= TimeSpan.FromMinutes(settings.Budget);
        if (settings.Sequences is int sequences)
            options.NumberOfIterations = Math.Max(1, sequences / Math.Max(1, options.BatchSize));
        if (!reportsGiven)
            options.ReportInterval = Math.Max(1, SequencesPerReport / Math.Max(1, options.BatchSize));
    }

    /// <summary>Trains one network.</summary>
    public static SequenceTransformer Fit(MLContext ml, SequenceTrainerOptions options, IDataView data) => options switch
    {
        NtmTrainer.Options ntm => ml.Sequence.Trainers.Ntm(ntm).Fit(data),
        DncTrainer.Options dnc => ml.Sequence.Trainers.Dnc(dnc).Fit(data),
        LstmTrainer.Options lstm => ml.Sequence.Trainers.Lstm(lstm).Fit(data),
        _ => throw new ArgumentException($"{options.GetType()} belongs to no trainer.", nameof(options)),
    };
}
