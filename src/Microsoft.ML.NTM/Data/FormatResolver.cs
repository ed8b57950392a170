using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>Finds the form of training data: by the columns' types, else by the options, else by the first row.</summary>
internal static class FormatResolver
{
    /// <summary>The form of <paramref name="data"/>'s sequences.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has the wrong type, or contradicts the options.</exception>
    /// <exception cref="InvalidOperationException">The first row was needed, and is missing or cannot be cut into steps.</exception>
    public static SequenceFormat Resolve(IDataView data, SequenceColumns columns)
    {
        FeatureFormat[] features = Features(data.Schema, columns);
        DataViewSchema.Column label = ColumnTypes.Find(data.Schema, "label", columns.LabelColumnName);
        if (FollowingLabel.Marks(label))
            columns = columns with { Alignment = SequenceAlignment.AfterInput };
        int keyCount = ColumnTypes.KeyCount(label, "label");
        (LabelKind kind, SequenceLoss loss) = ColumnRules.RequireLabel(ColumnKind.Of(label), columns.Loss);
        bool single = label.Type is not VectorDataViewType;
        int outputSize = single ? ScalarOutputSize(label, keyCount, columns)
            : kind == LabelKind.Key ? KeyOutputSize(label, keyCount, columns)
            : NumberOutputSize(data, label, features, columns);
        bool counted = !single && columns.Alignment == SequenceAlignment.AfterInput;
        var format = new SequenceFormat
        {
            Features = features,
            Label = new LabelFormat(label.Name, kind, !single, keyCount),
            OutputSize = outputSize,
            ExampleWeightColumnName = columns.ExampleWeightColumnName,
            EmptySequences = columns.EmptySequences,
            Spec = new SequenceSpec
            {
                FeatureSize = features.Sum(feature => feature.Width),
                Alignment = columns.Alignment,
                Loss = loss,
                OneLabelPerSequence = single,
                SoftmaxGroups = kind == LabelKind.Key ? outputSize / keyCount : 1,
                OutputLength = !counted ? null : columns.OutputLength
                    ?? (columns.OutputLengthColumnName is null
                        ? LabelSteps(label, kind == LabelKind.Key ? outputSize / keyCount : outputSize) : null),
                OutputLengthColumnName = counted ? columns.OutputLengthColumnName : null,
            },
        };
        SequenceSchema.Check(format, data.Schema, ColumnUse.Training);
        return format;
    }

    private static FeatureFormat[] Features(DataViewSchema schema, SequenceColumns columns)
    {
        DataViewSchema.Column[] found = [.. columns.FeatureColumnNames.Select(name => ColumnTypes.Find(schema, "feature", name))];
        ColumnRules.RequireFeatures([.. found.Select(ColumnKind.Of)], columns);
        var features = new FeatureFormat[found.Length];
        int open = -1, openCount = 0;
        for (int i = 0; i < found.Length; i++)
        {
            DataViewSchema.Column column = found[i];
            int? stepSize = ColumnTypes.StepSize(column.Type);
            int keyCount = ColumnTypes.KeyCount(column, "feature");
            features[i] = new FeatureFormat(column.Name, stepSize ?? 1, keyCount, keyCount > 0 ? columns.EmbeddingSize : 0);
            ColumnTypes.CheckWidth(column, "feature", features[i].ValuesPerStep, features[i].InputsPerValue);
            if (stepSize is null && keyCount == 0)
                (open, openCount) = (i, openCount + 1);
        }
        int total = features.Sum(feature => feature.Width);
        if (columns.InputSize is int wanted && wanted != total)
        {
            // One column whose type does not tell its width takes what the option leaves.
            int width = wanted - total + 1;
            if (openCount != 1 || width < 1)
            {
                throw SequenceErrors.Schema("feature", string.Join("', '", columns.FeatureColumnNames),
                    $"{wanted} inputs per step (InputSize)", $"{total}: {string.Join(", ", found.Select(column => column.Type))}");
            }
            features[open] = features[open] with { ValuesPerStep = width };
        }
        // Indicators of missing numbers are no business of InputSize.
        return [.. features.Select(feature => feature.IsKey ? feature : feature with { Missing = columns.MissingFeatures })];
    }

    /// <summary>Output steps of a label of fixed size, else null.</summary>
    private static int? LabelSteps(DataViewSchema.Column label, int perStep) =>
        label.Type is VectorDataViewType { IsKnownSize: true } vector && vector.Size % perStep == 0 ? vector.Size / perStep : null;

    private static int ScalarOutputSize(DataViewSchema.Column label, int keyCount, SequenceColumns columns)
    {
        int size = Math.Max(keyCount, 1);
        if (columns.OutputSize is int wanted && wanted != size)
            throw SequenceErrors.Schema("label", label.Name, $"{wanted} outputs (OutputSize)", $"{label.Type}, which has {size}");
        return size;
    }

    private static int KeyOutputSize(DataViewSchema.Column label, int keyCount, SequenceColumns columns)
    {
        int? groups = ColumnTypes.StepSize(label.Type);
        ColumnTypes.CheckWidth(label, "label", groups ?? 1, keyCount);
        if (columns.OutputSize is not int wanted)
            return (groups ?? 1) * keyCount;
        if (wanted % keyCount != 0 || groups is not null && groups * keyCount != wanted)
        {
            throw SequenceErrors.Schema("label", label.Name, $"{wanted} outputs per step (OutputSize)",
                $"{label.Type}, which has {(groups is null ? "a multiple of " : "")}{(groups ?? 1) * keyCount}");
        }
        return wanted;
    }

    private static int NumberOutputSize(IDataView data, DataViewSchema.Column label, FeatureFormat[] features, SequenceColumns columns)
    {
        int? size = ColumnTypes.StepSize(label.Type);
        ColumnTypes.CheckWidth(label, "label", size ?? 1, 0);
        if (size is not null && columns.OutputSize is int wanted && wanted != size)
            throw SequenceErrors.Schema("label", label.Name, $"{wanted} outputs per step (OutputSize)", $"{label.Type}, which has {size}");
        size ??= columns.OutputSize;
        if (size is null && columns.Alignment == SequenceAlignment.AfterInput)
        {
            throw SequenceErrors.Schema("label", label.Name,
                "outputs per step in the type (Vector<Single, *, O>) or as OutputSize, for AfterInput", $"{label.Type}");
        }
        return size ?? FirstRowOutputSize(data, label, features[0], columns.EmptySequences);
    }

    private static int FirstRowOutputSize(IDataView data, DataViewSchema.Column label, FeatureFormat feature, EmptySequences empty)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([label, data.Schema[feature.ColumnName]]);
        FeatureReader reader = FeatureReader.Create(cursor, feature);
        int steps = 0;
        while (steps == 0)
        {
            if (!cursor.MoveNext())
                throw SequenceErrors.NoRows(data.Schema[feature.ColumnName]);
            steps = reader.Read(new SequenceRow(), cursor.Position);
            if (steps == 0 && empty == EmptySequences.Error)
                throw SequenceErrors.Empty(feature.ColumnName, cursor.Position);
        }
        int length = ColumnTypes.ItemType(label.Type) is BooleanDataViewType
            ? new ColumnValues<bool>(cursor, label).Read().Length
            : new ColumnValues<float>(cursor, label).Read().Length;
        if (length == 0 || length % steps != 0)
        {
            throw SequenceErrors.Row(label.Name, cursor.Position, $"a multiple of {steps} values (the steps of '{feature.ColumnName}')",
                $"{length} values");
        }
        return length / steps;
    }
}
