namespace Microsoft.ML.NTM.Data;

/// <summary>Which columns hold the sequences, and what the trainer's options say about their form.</summary>
internal sealed record SequenceColumns
{
    /// <summary>Columns that stand side by side in each step; usually one.</summary>
    public IReadOnlyList<string> FeatureColumnNames { get; init; } = ["Features"];

    /// <summary>The label.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>What a row counts in the loss, or null: every row counts 1.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// Inputs per step of all feature columns together, the delimiter channel not counted; null: by the columns' types, and 1 per column
    /// whose type does not tell.
    /// </summary>
    public int? InputSize { get; init; }

    /// <summary>Numbers that each key of the feature columns becomes; 0: keys are one-hot.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Outputs per step; null: by the label's type or, with <see cref="SequenceAlignment.EveryStep"/>, by the first row.</summary>
    public int? OutputSize { get; init; }

    /// <summary>What numbers of the features are scaled by.</summary>
    public SequenceScaling FeatureScaling { get; init; } = SequenceScaling.Auto;

    /// <summary>What targets of squared error are scaled by.</summary>
    public SequenceScaling LabelScaling { get; init; } = SequenceScaling.Auto;

    /// <summary>What is done about NaN among the features.</summary>
    public MissingFeatures MissingFeatures { get; init; } = MissingFeatures.Error;

    /// <summary>What training does about rows without steps.</summary>
    public EmptySequences EmptySequences { get; init; } = EmptySequences.Error;

    /// <summary>Which steps answer.</summary>
    public SequenceAlignment Alignment { get; init; } = SequenceAlignment.EveryStep;

    /// <summary>The loss, or <see cref="SequenceLoss.Auto"/>: by the label's type.</summary>
    public SequenceLoss Loss { get; init; } = SequenceLoss.Auto;

    /// <summary>Answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>.</summary>
    public int? OutputLength { get; init; }

    /// <summary>The column with a row's answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>.</summary>
    public string? OutputLengthColumnName { get; init; }
}
