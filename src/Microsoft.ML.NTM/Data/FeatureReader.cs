namespace Microsoft.ML.NTM.Data;

/// <summary>Reads one feature column of the current row into a <see cref="SequenceRow"/>.</summary>
internal abstract class FeatureReader(FeatureFormat format)
{
    /// <summary>The column's form.</summary>
    public FeatureFormat Format { get; } = format;

    public static FeatureReader Create(DataViewRow row, FeatureFormat format)
    {
        DataViewSchema.Column column = row.Schema[format.ColumnName];
        return format.IsKey ? new OfKeys(row, column, format) : new OfNumbers(row, column, format);
    }

    /// <summary>Appends the column's values; returns its steps (T), 0 of an empty sequence.</summary>
    public abstract int Read(SequenceRow into, long rowId);

    private int Steps(int length, long rowId)
    {
        if (length % Format.ValuesPerStep != 0)
            throw SequenceErrors.Row(Format.ColumnName, rowId, $"a multiple of {Format.ValuesPerStep} values (the step size)",
                $"{length} values");
        return length / Format.ValuesPerStep;
    }

    private sealed class OfNumbers(DataViewRow row, DataViewSchema.Column column, FeatureFormat format) : FeatureReader(format)
    {
        private readonly ColumnValues<float> _values = new(row, column);

        public override int Read(SequenceRow into, long rowId)
        {
            ReadOnlySpan<float> values = _values.Read();
            int steps = Steps(values.Length, rowId);
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]) && !(float.IsNaN(values[i]) && Format.Missing != MissingFeatures.Error))
                    throw NotFinite(values[i], i, rowId);
            }
            into.AddNumbers(values);
            return steps;
        }

        private InvalidOperationException NotFinite(float value, int index, long rowId) => SequenceErrors.Row(Format.ColumnName, rowId,
            Format.Missing != MissingFeatures.Error ? "finite numbers or NaN" : float.IsNaN(value)
                ? $"finite numbers (or {nameof(MissingFeatures)} = {nameof(MissingFeatures.Zero)}; decimal commas load as NaN)"
                : "finite numbers",
            FormattableString.Invariant($"{value} at index {index}") + PackedOrigin.Describe(row, column, index));
    }

    private sealed class OfKeys(DataViewRow row, DataViewSchema.Column column, FeatureFormat format) : FeatureReader(format)
    {
        private readonly KeyValues _values = KeyValues.Create(row, column);

        public override int Read(SequenceRow into, long rowId)
        {
            ReadOnlySpan<int> keys = _values.Read();
            int steps = Steps(keys.Length, rowId);
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i] > Format.KeyCount)
                    throw SequenceErrors.Row(Format.ColumnName, rowId, $"keys up to {Format.KeyCount}",
                        $"{keys[i]} at index {i}{PackedOrigin.Describe(row, column, i)}");
            }
            into.AddKeys(keys);
            return steps;
        }
    }
}
