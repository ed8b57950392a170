namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Reads the label of the current row as targets: NaN where nothing is scored, zero-based classes for keys, 0 or 1 for Booleans.
/// </summary>
internal abstract class LabelReader(LabelFormat format)
{
    private float[] _targets = new float[1];

    /// <summary>The column's form.</summary>
    public LabelFormat Format { get; } = format;

    public static LabelReader Create(DataViewRow row, LabelFormat format, SequenceLoss loss)
    {
        DataViewSchema.Column column = row.Schema[format.ColumnName];
        return format.Kind switch
        {
            LabelKind.Key => new OfKeys(row, column, format),
            LabelKind.Boolean => new OfBooleans(row, column, format),
            _ => new OfNumbers(row, column, format, loss == SequenceLoss.BinaryCrossEntropy),
        };
    }

    /// <summary>The targets; good until the next call.</summary>
    public abstract ReadOnlySpan<float> Read(long rowId);

    private Span<float> Room(int count)
    {
        if (_targets.Length < count)
            _targets = new float[count];
        return _targets.AsSpan(0, count);
    }

    private sealed class OfNumbers(DataViewRow row, DataViewSchema.Column column, LabelFormat format, bool probabilities)
        : LabelReader(format)
    {
        private readonly ColumnValues<float> _values = new(row, column);

        public override ReadOnlySpan<float> Read(long rowId)
        {
            ReadOnlySpan<float> values = _values.Read();
            for (int i = 0; i < values.Length; i++)
            {
                float value = values[i];
                if (float.IsNaN(value))
                    continue;
                if (probabilities && value is < 0f or > 1f)
                    throw Bad(rowId, "targets in [0, 1] (or NaN) for binary cross-entropy", value, i);
                if (!float.IsFinite(value))
                    throw Bad(rowId, "finite targets (or NaN)", value, i);
            }
            return values;
        }

        private InvalidOperationException Bad(long rowId, string expected, float value, int index) =>
            SequenceErrors.Row(Format.ColumnName, rowId, expected, FormattableString.Invariant($"{value} at index {index}"));
    }

    private sealed class OfBooleans(DataViewRow row, DataViewSchema.Column column, LabelFormat format) : LabelReader(format)
    {
        private readonly ColumnValues<bool> _values = new(row, column);

        public override ReadOnlySpan<float> Read(long rowId)
        {
            ReadOnlySpan<bool> values = _values.Read();
            Span<float> targets = Room(values.Length);
            for (int i = 0; i < values.Length; i++)
                targets[i] = values[i] ? 1f : 0f;
            return targets;
        }
    }

    private sealed class OfKeys(DataViewRow row, DataViewSchema.Column column, LabelFormat format) : LabelReader(format)
    {
        private readonly KeyValues _values = KeyValues.Create(row, column);

        public override ReadOnlySpan<float> Read(long rowId)
        {
            ReadOnlySpan<int> keys = _values.Read();
            Span<float> targets = Room(keys.Length);
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i] > Format.KeyCount)
                    throw SequenceErrors.Row(Format.ColumnName, rowId, $"keys up to {Format.KeyCount}", $"{keys[i]} at index {i}");
                targets[i] = keys[i] == 0 ? float.NaN : keys[i] - 1;
            }
            return targets;
        }
    }
}
