using Microsoft.ML.Data;
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
        foreach (string name in columns.FeatureColumnNames)
            CheckFeature(Find(input, "feature", name));
        SchemaShape.Column label = Find(input, "label", columns.LabelColumnName);
        LabelKind kind = LabelFormat.KindOf(label.ItemType, label.IsKey)
            ?? throw SequenceErrors.Schema("label", label.Name, "Single, Boolean or keys, scalar or vector", label.Spell());
        SequenceLoss loss = LabelFormat.LossFor(kind, columns.Loss, label.Name);
        if (columns.ExampleWeightColumnName is string weight)
            CheckScalar(input, "example weight", weight, NumberDataViewType.Single);
        if (columns.OutputLengthColumnName is string length)
            CheckScalar(input, "output length", length, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.Single);
        return input.With(AnswerColumns.Shape(loss, label));
    }

    private static void CheckFeature(SchemaShape.Column column)
    {
        bool fits = column.Kind != SchemaShape.Column.VectorKind.Scalar && (column.IsKey || column.ItemType.Equals(NumberDataViewType.Single));
        if (!fits)
            throw SequenceErrors.Schema("feature", column.Name, "a vector of Single or of keys, fixed or variable in size", column.Spell());
    }

    private static void CheckScalar(SchemaShape input, string role, string name, params DataViewType[] accepted)
    {
        SchemaShape.Column column = Find(input, role, name);
        bool fits = column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey && accepted.Contains(column.ItemType);
        if (!fits)
            throw SequenceErrors.Schema(role, name, string.Join(" or ", accepted.Select(type => $"{type}")), column.Spell());
    }

    private static SchemaShape.Column Find(SchemaShape input, string role, string name) =>
        input.Find(name) ?? throw SequenceErrors.Missing(role, name);
}
