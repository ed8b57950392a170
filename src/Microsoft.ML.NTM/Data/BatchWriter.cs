namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Spreads sequences over a batch: time-major, numbers scaled, key columns one-hot or to be looked up, delimiter and answer steps added.
/// </summary>
internal static class BatchWriter
{
    /// <summary>Fills <paramref name="batch"/> with <paramref name="rows"/>, which stand longest first.</summary>
    public static void Fill(SequenceBatch batch, SequenceFormat format, ReadOnlySpan<SequenceRow> rows)
    {
        batch.Reset(rows.Length, rows[0].Length);
        for (int r = 0; r < rows.Length; r++)
            Write(batch, format, rows[r], r);
    }

    private static void Write(SequenceBatch batch, SequenceFormat format, SequenceRow row, int r)
    {
        batch.Lengths[r] = row.Length;
        batch.OutputStarts[r] = row.OutputStart;
        batch.Weights[r] = row.Weight;
        batch.RowIds[r] = row.RowId;

        if (!row.IsEmpty)
            WriteFeatures(batch, format, row, r);
        if (format.Spec.Alignment == SequenceAlignment.AfterInput)
            batch.Input(row.InputSteps, r)[format.Spec.FeatureSize] = 1f;

        int size = batch.TargetSize;
        ReadOnlySpan<float> targets = row.Targets; // [T', K]
        for (int t = 0; t < targets.Length / size; t++)
            WriteTargets(format.Label, targets.Slice(t * size, size), batch.Target(row.OutputStart + t, r));
        for (int t = 0; t < row.StepWeights.Length; t++)
            batch.Weigh(row.OutputStart + t, r, row.StepWeights[t]);
    }

    private static void WriteFeatures(SequenceBatch batch, SequenceFormat format, SequenceRow row, int r)
    {
        int embedded = 0, offset = 0, channel = EmbeddedWidth(format);
        ReadOnlySpan<float> numbers = row.Numbers;
        ReadOnlySpan<int> keys = row.Keys;
        for (int i = 0; i < format.Features.Count; i++)
        {
            FeatureFormat feature = format.Features[i];
            int count = row.InputSteps * feature.ValuesPerStep;
            if (feature.IsEmbedded)
            {
                WriteEmbedded(batch, feature, keys[..count], r, embedded, offset);
                keys = keys[count..];
                embedded += feature.ValuesPerStep;
                offset += feature.KeyCount;
                continue;
            }
            if (feature.IsKey)
            {
                WriteKeys(batch, feature, keys[..count], r, channel);
                keys = keys[count..];
            }
            else
            {
                WriteNumbers(batch, feature, numbers[..count], r, channel);
                numbers = numbers[count..];
            }
            channel += feature.Width;
        }
    }

    // What embeddings make stands first.
    private static int EmbeddedWidth(SequenceFormat format)
    {
        int width = 0;
        for (int i = 0; i < format.Features.Count; i++)
            width += format.Features[i].IsEmbedded ? format.Features[i].Width : 0;
        return width;
    }

    private static void WriteNumbers(SequenceBatch batch, FeatureFormat feature, ReadOnlySpan<float> values, int r, int channel)
    {
        int width = feature.ValuesPerStep;
        for (int t = 0; t < values.Length / width; t++)
        {
            ReadOnlySpan<float> step = values.Slice(t * width, width);
            Span<float> inputs = batch.Input(t, r).Slice(channel, feature.Width);
            if (feature.Scaling is { } scaling)
                scaling.Apply(step, inputs);
            else
                step.CopyTo(inputs);
            if (feature.Missing != MissingFeatures.Error)
                FillMissing(inputs, width, feature.HasIndicators);
        }
    }

    // What is missing is 0 at unit scale, and 1 in its indicator where there is one.
    private static void FillMissing(Span<float> inputs, int width, bool indicates)
    {
        for (int i = 0; i < width; i++)
        {
            if (!float.IsNaN(inputs[i]))
                continue;
            inputs[i] = 0f;
            if (indicates)
                inputs[width + i] = 1f;
        }
    }

    private static void WriteTargets(LabelFormat label, ReadOnlySpan<float> targets, Span<float> into)
    {
        if (label.Scaling is { } scaling)
            scaling.Apply(targets, into);
        else
            targets.CopyTo(into);
    }

    // Keys as rows of the table, in which this column's begin after those of the columns before.
    private static void WriteEmbedded(SequenceBatch batch, FeatureFormat feature, ReadOnlySpan<int> keys, int r, int first, int offset)
    {
        int perStep = feature.ValuesPerStep;
        for (int i = 0; i < keys.Length; i++)
            batch.Key(i / perStep, r)[first + i % perStep] = keys[i] > 0 ? offset + keys[i] : 0;
    }

    private static void WriteKeys(SequenceBatch batch, FeatureFormat feature, ReadOnlySpan<int> keys, int r, int channel)
    {
        int perStep = feature.ValuesPerStep;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] > 0)
                batch.Input(i / perStep, r)[channel + i % perStep * feature.KeyCount + keys[i] - 1] = 1f;
        }
    }
}
