namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Brings the channels of a column to unit scale: z = (x - center) / deviation for each. A channel that is left alone has center 0 and
/// deviation 1. Belongs to the model: what it was trained on is what it must be given.
/// </summary>
/// <param name="Centers">What becomes 0, in the column's units: [C].</param>
/// <param name="Deviations">What becomes 1, in the column's units, above 0: [C].</param>
/// <param name="Limit">
/// Beyond this z grows by the logarithm only: sign(z) (limit + ln(1 + |z| - limit)), so that a wild value is still seen as such and cannot
/// drown the others. Null: z stays as it is, and <see cref="Undo"/> gives the values back.
/// </param>
internal sealed record ChannelScaling(float[] Centers, float[] Deviations, float? Limit = null)
{
    /// <summary>To unit scale; NaN stays NaN. Computed in double precision, since a center may be far from 0.</summary>
    /// <param name="values">Whole steps, in the column's units: [T, C].</param>
    /// <param name="scaled">[T, C]; may be the same memory.</param>
    public void Apply(ReadOnlySpan<float> values, Span<float> scaled)
    {
        for (int i = 0, channel = 0; i < values.Length; i++)
        {
            double z = ((double)values[i] - Centers[channel]) / Deviations[channel];
            if (Limit is float limit && Math.Abs(z) > limit)
                z = Math.CopySign(limit + Math.Log(1 + Math.Abs(z) - limit), z);
            scaled[i] = (float)z;
            channel = channel + 1 == Centers.Length ? 0 : channel + 1;
        }
    }

    /// <summary>Back to the column's units.</summary>
    /// <param name="scaled">Whole steps at unit scale: [T, C].</param>
    /// <param name="values">[T, C]; may be the same memory.</param>
    public void Undo(ReadOnlySpan<float> scaled, Span<float> values)
    {
        for (int i = 0, channel = 0; i < scaled.Length; i++)
        {
            values[i] = (float)(Centers[channel] + (double)scaled[i] * Deviations[channel]);
            channel = channel + 1 == Centers.Length ? 0 : channel + 1;
        }
    }

    /// <summary>How many channels are not left alone.</summary>
    public int Scaled()
    {
        int count = 0;
        for (int i = 0; i < Centers.Length; i++)
            count += Centers[i] != 0f || Deviations[i] != 1f ? 1 : 0;
        return count;
    }

    /// <summary>Whether the numbers, which may come from a file, can scale a column of so many channels.</summary>
    public bool Fits(int channels) => Centers.Length == channels && Deviations.Length == channels
        && Centers.All(float.IsFinite) && Deviations.All(deviation => float.IsFinite(deviation) && deviation > 0f)
        && Limit is null or (>= 1f and < float.PositiveInfinity);

    public bool Equals(ChannelScaling? other) => other is not null && Limit == other.Limit
        && Centers.AsSpan().SequenceEqual(other.Centers) && Deviations.AsSpan().SequenceEqual(other.Deviations);

    public override int GetHashCode() => HashCode.Combine(Limit, Centers.Length, Centers.Length > 0 ? Centers[0] : 0f);
}
