using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>What a data view is read for.</summary>
internal enum ColumnUse
{
    /// <summary>Features, labels and weights.</summary>
    Training,

    /// <summary>Features, and how many answers are wanted; no label is needed.</summary>
    Scoring,
}

/// <summary>Checks that a data view has the columns of a fitted model, in the form it was trained on, and lists them.</summary>
internal static class SequenceSchema
{
    /// <summary>The columns to read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or differs from the training data's.</exception>
    public static DataViewSchema.Column[] Check(SequenceFormat format, DataViewSchema schema, ColumnUse use)
    {
        // At most a label, a weight and a length besides the features.
        var columns = new DataViewSchema.Column[format.Features.Count + 3];
        int count = 0;
        foreach (FeatureFormat feature in format.Features)
            columns[count++] = CheckFeature(feature, schema);
        if (use == ColumnUse.Training)
        {
            columns[count++] = CheckLabel(format, schema);
            if (format.ExampleWeightColumnName is string weight)
            {
                DataViewSchema.Column column = ColumnTypes.Find(schema, "example weight", weight);
                ColumnRules.RequireWeight(ColumnKind.Of(column), format.Label.IsVector);
                columns[count++] = column;
            }
        }
        if (format.Spec.OutputLengthColumnName is string length)
        {
            DataViewSchema.Column column = ColumnTypes.Find(schema, "output length", length);
            ColumnRules.RequireOutputLength(ColumnKind.Of(column));
            if (use == ColumnUse.Scoring)
                columns[count++] = column;
        }
        return columns[..count];
    }

    private static DataViewSchema.Column CheckFeature(FeatureFormat feature, DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnTypes.Find(schema, "feature", feature.ColumnName);
        bool fits = column.Type is VectorDataViewType vector
            && (feature.IsKey ? vector.ItemType is KeyDataViewType : vector.ItemType.Equals(NumberDataViewType.Single))
            && ColumnTypes.KeyCount(column, "feature") == feature.KeyCount
            && (ColumnTypes.StepSize(column.Type) ?? feature.ValuesPerStep) == feature.ValuesPerStep;
        if (!fits)
        {
            string items = feature.IsKey ? $"keys 1..{feature.KeyCount}" : "Single";
            throw SequenceErrors.Schema("feature", feature.ColumnName,
                $"a vector of {items} with {feature.ValuesPerStep} per step, as in training",
                $"{column.Type}{ColumnRules.FeatureCure(ColumnKind.Of(column))}");
        }
        ColumnTypes.CheckWholeSteps(column, "feature", feature.ValuesPerStep);
        return column;
    }

    /// <summary>The label column where there is one as in training, else null: scoring can do without.</summary>
    public static DataViewSchema.Column? FindLabel(SequenceFormat format, DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(format.Label.ColumnName) is null)
            return null;
        try
        {
            return CheckLabel(format, schema);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static DataViewSchema.Column CheckLabel(SequenceFormat format, DataViewSchema schema)
    {
        LabelFormat label = format.Label;
        DataViewSchema.Column column = ColumnTypes.Find(schema, "label", label.ColumnName);
        DataViewType item = ColumnTypes.ItemType(column.Type);
        int targetSize = format.TargetSize;
        bool fits = LabelFormat.KindOf(item, item is KeyDataViewType) == label.Kind
            && column.Type is VectorDataViewType == label.IsVector
            && ColumnTypes.KeyCount(column, "label") == label.KeyCount
            && (ColumnTypes.StepSize(column.Type) ?? targetSize) == targetSize;
        if (!fits)
        {
            string items = label.Kind switch
            {
                LabelKind.Key => $"keys 1..{label.KeyCount}",
                LabelKind.Boolean => "Boolean",
                _ => "Single",
            };
            throw SequenceErrors.Schema("label", label.ColumnName,
                label.IsVector ? $"a vector of {items} with {targetSize} per step, as in training" : $"{items}, as in training",
                    $"{column.Type}");
        }
        ColumnTypes.CheckWholeSteps(column, "label", targetSize);
        return column;
    }
}
