using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>What a label's values are.</summary>
internal enum LabelKind
{
    /// <summary>Single; NaN is not scored.</summary>
    Number,

    /// <summary>Boolean.</summary>
    Boolean,

    /// <summary>Keys; the missing key is not scored.</summary>
    Key,
}

/// <summary>The label column of a fitted model.</summary>
/// <param name="ColumnName">The column.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="IsVector">False for one answer per sequence.</param>
/// <param name="KeyCount">Classes; 0 unless the values are keys.</param>
/// <param name="Scaling">What targets of squared error are scaled by, one channel per output; null: they stay as they are.</param>
internal sealed record LabelFormat(string ColumnName, LabelKind Kind, bool IsVector, int KeyCount = 0, ChannelScaling? Scaling = null)
{
    /// <summary>What a label's values are by its item type, or null where it cannot be a label.</summary>
    public static LabelKind? KindOf(DataViewType itemType, bool isKey)
    {
        if (isKey)
            return LabelKind.Key;
        if (itemType is BooleanDataViewType)
            return LabelKind.Boolean;
        return itemType.Equals(NumberDataViewType.Single) ? LabelKind.Number : null;
    }

    /// <summary>The loss that such a label is trained with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The option asks for a loss that the label cannot have.</exception>
    public static SequenceLoss LossFor(LabelKind kind, SequenceLoss option, string columnName)
    {
        SequenceLoss natural = kind switch
        {
            LabelKind.Key => SequenceLoss.CrossEntropy,
            LabelKind.Boolean => SequenceLoss.BinaryCrossEntropy,
            _ => SequenceLoss.SquaredError,
        };
        if (option == SequenceLoss.Auto || option == natural)
            return natural;
        if (kind == LabelKind.Number && option == SequenceLoss.BinaryCrossEntropy)
            return option;
        string needed = option switch
        {
            SequenceLoss.CrossEntropy => "keys (see MapValueToKey)",
            SequenceLoss.BinaryCrossEntropy => "Boolean, or Single in [0, 1]",
            _ => "Single",
        };
        throw SequenceErrors.Schema("label", columnName, $"{needed} for Loss = {option}", kind == LabelKind.Number ? "Single" : $"{kind}");
    }
}
