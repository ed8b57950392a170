using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM;

/// <summary>
/// What every sequence trainer can be told: columns, how a label is read, and how training goes. Members with a search attribute can be
/// swept by AutoML as they are; the others keep their values in a sweep.
/// </summary>
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// The label column: a vector of Single, Boolean or keys (one answer per step), or a scalar (one answer per sequence). NaN and missing
    /// keys are not scored.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The feature column: T x D numbers, row-major, or T keys.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>
    /// Several feature columns, side by side in each step, instead of <see cref="FeatureColumnName"/>: each of numbers or of keys, with its
    /// own width, all with the same number of steps. Null: the one column.
    /// </summary>
    public string[]? FeatureColumnNames { get; set; }

    /// <summary>
    /// The column (Single, at least 0) that says how much a row counts in the loss; or, a vector with one weight per output step, how much
    /// each step does. Null: all the same.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Inputs per step (D), of all feature columns together; a key column has one per key, or its embedding. Null: the last dimension of
    /// the feature column's type where it has two, else 1.
    /// </summary>
    public int? InputSize { get; set; }

    /// <summary>
    /// Numbers that each key of the feature columns becomes (E): a row of a table that is learned along; all key columns share the table,
    /// each with rows of its own. 0: one input per key, one-hot. The missing key is all zeros either way.
    /// </summary>
    public int EmbeddingSize { get; set; }

    /// <summary>
    /// Outputs per step (O). Null: the last dimension of the label column's type where it has two, else found from the first row.
    /// </summary>
    public int? OutputSize { get; set; }

    /// <summary>Which steps answer a vector label.</summary>
    public SequenceAlignment Alignment { get; set; } = SequenceAlignment.EveryStep;

    /// <summary>Answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>. Null: as many as the input has.</summary>
    public int? OutputLength { get; set; }

    /// <summary>
    /// The column (integer or Single) that gives each row's answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>.
    /// </summary>
    public string? OutputLengthColumnName { get; set; }

    /// <summary>The loss; <see cref="SequenceLoss.Auto"/> follows the label's type.</summary>
    public SequenceLoss Loss { get; set; } = SequenceLoss.Auto;

    internal abstract NetworkSpec ToNetwork(int inputSize, int outputSize);

    internal SequenceColumns ToColumns() => new()
    {
        FeatureColumnNames = FeatureColumnNames ?? [FeatureColumnName],
        LabelColumnName = LabelColumnName,
        ExampleWeightColumnName = ExampleWeightColumnName,
        InputSize = InputSize,
        EmbeddingSize = EmbeddingSize,
        OutputSize = OutputSize,
        FeatureScaling = FeatureScaling,
        LabelScaling = LabelScaling,
        MissingFeatures = MissingFeatures,
        EmptySequences = EmptySequences,
        Alignment = Alignment,
        Loss = Loss,
        OutputLength = OutputLength,
        OutputLengthColumnName = OutputLengthColumnName,
    };

    /// <summary>A copy that later changes to this object do not reach.</summary>
    internal SequenceTrainerOptions Copy()
    {
        var copy = (SequenceTrainerOptions)MemberwiseClone();
        copy.FeatureColumnNames = (string[]?)FeatureColumnNames?.Clone();
        return copy;
    }
}
