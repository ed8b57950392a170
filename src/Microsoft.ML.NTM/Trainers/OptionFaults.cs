using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>Everything wrong with a trainer's options, reported together and before data is read.</summary>
internal static class OptionFaults
{
    /// <summary>Does nothing for sound options.</summary>
    /// <exception cref="ArgumentException">The message lists the faults: all, unless they are too many for a message.</exception>
    public static void ThrowIfAny(SequenceTrainerOptions options)
    {
        using var invariant = new InvariantText();
        List<string> faults = [.. Columns(options), .. Sizes(options),
            .. options.ToTraining().Faults(),
            .. options.ToNetwork(options.InputSize ?? 1, options.OutputSize ?? 1).Faults()];
        if (faults.Count > 0)
            throw new ArgumentException($"{faults.Count} of the trainer's options cannot be used. {Quoted.Faults(faults)}",
                nameof(options));
    }

    private static IEnumerable<string> Columns(SequenceTrainerOptions options)
    {
        if (options.FeatureColumnNames is { } names)
        {
            if (names.Length == 0 || names.Any(string.IsNullOrEmpty))
                yield return $"{nameof(options.FeatureColumnNames)} must name at least one column and none may be empty; it is "
                    + $"[{Quoted.List([.. names.Select(name => Quoted.Text(name))], ", ")}].";
            if (names.Length > OptionLimits.FeatureColumns)
            {
                yield return $"{nameof(options.FeatureColumnNames)} must name at most {OptionLimits.FeatureColumns} columns; "
                    + $"it names {names.Length}.";
            }
            if (names.Distinct().Count() < names.Length)
                yield return $"{nameof(options.FeatureColumnNames)} must name every column once; it is "
                    + $"[{Quoted.List([.. names.Select(name => Quoted.Text(name))], ", ")}].";
        }
        else if (string.IsNullOrEmpty(options.FeatureColumnName))
            yield return $"{nameof(options.FeatureColumnName)} must name a column; it is empty.";
        if (string.IsNullOrEmpty(options.LabelColumnName))
            yield return $"{nameof(options.LabelColumnName)} must name a column; it is empty.";
        if (options.ExampleWeightColumnName is "")
            yield return $"{nameof(options.ExampleWeightColumnName)} must name a column or be null; it is empty.";
        if (options.CheckpointFolder is "")
            yield return $"{nameof(options.CheckpointFolder)} must name a folder or be null; it is empty.";
        if (options.OutputLengthColumnName is "")
            yield return $"{nameof(options.OutputLengthColumnName)} must name a column or be null; it is empty.";
    }

    private static IEnumerable<string> Sizes(SequenceTrainerOptions options)
    {
        (string Name, int? Value, int Least, int Most)[] counts =
        [
            (nameof(options.BatchSize), options.BatchSize, 1, OptionLimits.BatchSize),
            (nameof(options.NumberOfThreads), options.NumberOfThreads, 1, OptionLimits.NumberOfThreads),
            (nameof(options.OutputLength), options.OutputLength, 1, OptionLimits.OutputLength),
            (nameof(options.EmbeddingSize), options.EmbeddingSize, 0, OptionLimits.EmbeddingSize),
            (nameof(options.MaximumInputSteps), options.MaximumInputSteps, 1, int.MaxValue),
            (nameof(options.TruncationSteps), options.TruncationSteps, 1, int.MaxValue),
        ];
        foreach ((string name, int? value, int least, int most) in counts)
        {
            if (value < least || value > most)
                yield return $"{name} must be from {least} to {most}; it is {value}.";
        }
        if (options.CheckpointFolder is not null && options.ReportInterval > 0
            && options.NumberOfIterations / options.ReportInterval > OptionLimits.ReportsInCheckpoint)
        {
            yield return $"{nameof(options.ReportInterval)} must be at least "
                + $"{options.NumberOfIterations / OptionLimits.ReportsInCheckpoint + 1}, since checkpoints hold "
                + $"all reports and there are {options.NumberOfIterations} iterations; it is {options.ReportInterval}.";
        }
        if (options is LstmTrainer.Options { Bidirectional: true, TruncationSteps: not null })
        {
            yield return $"{nameof(options.TruncationSteps)} must be null where Bidirectional is true, since the reverse direction begins "
                + $"at the last step; it is {options.TruncationSteps}.";
        }
        if (options.ValidationSetFraction is not (>= 0 and < 1))
            yield return FormattableString.Invariant(
                $"{nameof(options.ValidationSetFraction)} must be from 0 to below 1; it is {options.ValidationSetFraction}.");
        if (options.DropoutRate is not (>= 0 and <= 0.99))
            yield return FormattableString.Invariant($"{nameof(options.DropoutRate)} must be from 0 to 0.99; it is {options.DropoutRate}.");
        if (options.WarmUpIterations < 0)
            yield return $"{nameof(options.WarmUpIterations)} must be at least 0; it is {options.WarmUpIterations}.";
        if (options.CurriculumIterations < 0 || options.CurriculumIterations > 0 && options.MaximumInputSteps is null)
            yield return $"{nameof(options.CurriculumIterations)} must be at least 0, and needs {nameof(options.MaximumInputSteps)}; it is "
                + $"{options.CurriculumIterations}.";
        if (options.CurriculumStartSteps < 1 || options.CurriculumStartSteps > options.MaximumInputSteps)
            yield return $"{nameof(options.CurriculumStartSteps)} must be from 1 to {nameof(options.MaximumInputSteps)}; it is "
                + $"{options.CurriculumStartSteps}.";
        if (options.CheckpointInterval < 1)
            yield return $"{nameof(options.CheckpointInterval)} must be at least 1; it is {options.CheckpointInterval}.";
        foreach (Enum kind in new Enum[] { options.Alignment, options.Loss, options.LearningRateDecay, options.Backend,
            options.FeatureScaling,
            options.LabelScaling, options.MissingFeatures, options.EmptySequences })
        {
            if (!Enum.IsDefined(kind.GetType(), kind))
                yield return $"{kind.GetType().Name} must be one of {string.Join(", ", Enum.GetNames(kind.GetType()))}; it is {kind}.";
        }
    }
}
