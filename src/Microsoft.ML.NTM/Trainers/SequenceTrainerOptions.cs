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
    /// keys are not scored. Default <c>Label</c>. A class that is written as a number needs <c>MapValueToKey</c> all the same: Single is a
    /// quantity.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The feature column: T x D numbers, row-major, or T keys. Default <c>Features</c>, as <c>Pack</c> calls it; of several columns see
    /// <see cref="FeatureColumnNames"/>. A table with a row per time step has to be packed first.
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>
    /// Several feature columns, side by side in each step, instead of <see cref="FeatureColumnName"/>: each of numbers or of keys, with its
    /// own width, all with the same number of steps. Null, the default: the one column. For numbers beside keys; numbers alone are better
    /// packed into one column.
    /// </summary>
    public string[]? FeatureColumnNames { get; set; }

    /// <summary>
    /// The column (Single, at least 0) that says how much a row counts in the loss; or, a vector with one weight per output step, how much
    /// each step does. Null, the default: all the same. Raise the weight of a rare class that is missed, lower that of rows you trust less;
    /// 0 leaves a row or a step out.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Inputs per step (D), at least 1, of all feature columns together; a key column has one per key, or its embedding. Null, the default:
    /// the last dimension of the feature column's type where it has two, else 1. Needed for a plain vector of several numbers per step.
    /// </summary>
    public int? InputSize { get; set; }

    /// <summary>
    /// Numbers that each key of the feature columns becomes (E), from 0: a row of a table that is learned along; all key columns share the
    /// table, each with rows of its own. 0, the default: one input per key, one-hot, which will do for some dozens of keys; for
    /// vocabularies of words take 8 to 64. The missing key is all zeros either way.
    /// </summary>
    public int EmbeddingSize { get; set; }

    /// <summary>
    /// Outputs per step (O), at least 1. Null, the default: the last dimension of the label column's type where it has two, else found from
    /// the first row. An error asks for it where only you can know: plain vectors of labels that are answered after the input.
    /// </summary>
    public int? OutputSize { get; set; }

    /// <summary>
    /// Which steps answer a vector label: each one as it is read (<see cref="SequenceAlignment.EveryStep"/>, the default), or steps after
    /// the whole input, for labels of another length or that need to have seen all of it.
    /// </summary>
    public SequenceAlignment Alignment { get; set; } = SequenceAlignment.EveryStep;

    /// <summary>
    /// Answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>, at least 1. Null, the default: as many as the input has.
    /// Set it where answers have a length of their own; training takes that of the labels.
    /// </summary>
    public int? OutputLength { get; set; }

    /// <summary>
    /// The column (integer or Single) that gives each row's answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>.
    /// Null, the default: <see cref="OutputLength"/> holds for all. For lengths that are known and differ from row to row.
    /// </summary>
    public string? OutputLengthColumnName { get; set; }

    /// <summary>
    /// The loss. <see cref="SequenceLoss.Auto"/>, the default, follows the label's type: numbers squared error, Booleans binary
    /// cross-entropy, keys cross-entropy. Say it for numbers that are bits.
    /// </summary>
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
