namespace Microsoft.ML.NTM;

/// <summary>How a row of a data view becomes a sequence that the network reads and answers.</summary>
public sealed record SequenceSpec
{
    /// <summary>Numbers per step in the feature column. The network's input has one more where there is a delimiter.</summary>
    public int FeatureSize { get; init; } = 1;

    /// <summary>Which steps answer.</summary>
    public SequenceAlignment Alignment { get; init; } = SequenceAlignment.EveryStep;

    /// <summary>The loss; never <see cref="SequenceLoss.Auto"/> in a fitted model.</summary>
    public SequenceLoss Loss { get; init; } = SequenceLoss.SquaredError;

    /// <summary>Whether the label is a scalar: one answer per sequence, read after its last step.</summary>
    public bool OneLabelPerSequence { get; init; }

    /// <summary>
    /// Softmaxes per output step (G): the outputs are G groups of <see cref="NetworkSpec.OutputSize"/> / G classes, and a step's label
    /// is G keys. 1 except for labels with several keys per step.
    /// </summary>
    public int SoftmaxGroups { get; init; } = 1;

    /// <summary>Answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>; null: as many as the input has.</summary>
    public int? OutputLength { get; init; }

    /// <summary>The column that gives a row's answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>, or null.</summary>
    public string? OutputLengthColumnName { get; init; }

    /// <summary>Channels added after the features: 1 delimiter for <see cref="SequenceAlignment.AfterInput"/>, else 0.</summary>
    internal int MarkerSize => Alignment == SequenceAlignment.AfterInput ? 1 : 0;

    /// <summary>
    /// Whether answers come when all input has been read: one per sequence, or after it. A bidirectional network then answers by what its
    /// second direction ended with at the first step; else by what it has at the answer's own step.
    /// </summary>
    internal bool AnswersAfterInput => OneLabelPerSequence || Alignment == SequenceAlignment.AfterInput;

    /// <summary>Targets per output step (K): G class indices for cross-entropy, else one per output.</summary>
    internal int TargetSize(int outputSize) => Loss == SequenceLoss.CrossEntropy ? SoftmaxGroups : outputSize;
}
