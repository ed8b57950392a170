using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>
/// The trainer's promise: which columns it will add to data of a given shape, or why it cannot. A shape knows kinds and item types but no
/// sizes, so sizes are checked by Fit.
/// </summary>
internal static class TrainerSchema
{
    /// <summary>The shape after training on data of shape <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static SchemaShape Output(SchemaShape input, SequenceColumns columns)
    {
        (LabelKind kind, _) = SequenceShape.Check(input, columns);
        SequenceLoss loss = LabelFormat.LossFor(kind, columns.Loss, columns.LabelColumnName);
        return input.With(AnswerColumns.Shape(loss, input.Single(column => column.Name == columns.LabelColumnName)));
    }
}
