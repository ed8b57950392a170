namespace Microsoft.ML.NTM.Data;

/// <summary>From what was measured to what is done: the rules behind <see cref="SequenceScaling"/>.</summary>
internal static class ScalingRules
{
    /// <summary>Beyond so many deviations a feature counts by its logarithm.</summary>
    public const float FeatureLimit = 10f;

    // What single precision cannot tell from a constant.
    private const double Noise = 1e-6;

    // Numbers within [-1, 1] that move less than this are too faint for a network to see beside others.
    private const double Faint = 0.1;

    // A deviation so many times the middle half's comes from a few values far out.
    private const double HeavyTail = 4;

    // Quartiles of a normal distribution are so far apart, in deviations.
    private const double NormalQuartiles = 1.349;

    /// <summary>The scaling of a column of numbers; null: all its channels stay as they are.</summary>
    public static ChannelScaling? Features(SequenceScaling scaling, ChannelMoments moments, StepSample? sample) => scaling switch
    {
        SequenceScaling.None => null,
        SequenceScaling.Standardize => Collect(moments, channel => Standard(moments, channel, flat: 1), null),
        _ => Collect(moments, channel => Automatic(moments, sample!, channel), FeatureLimit),
    };

    /// <summary>The scaling of a label that is trained with squared error; null: it stays as it is.</summary>
    public static ChannelScaling? Targets(SequenceScaling scaling, ChannelMoments moments)
    {
        if (scaling == SequenceScaling.None)
            return null;
        bool asItIs = Enumerable.Range(0, moments.Channels).All(channel => FillsUnitRange(moments, channel));
        return scaling == SequenceScaling.Auto && asItIs ? null : Collect(moments, channel => Standard(moments, channel, flat: 1), null);
    }

    private static ChannelScaling? Collect(ChannelMoments moments, Func<int, (double Center, double Deviation)> rule, float? limit)
    {
        (float[] centers, float[] deviations) = (new float[moments.Channels], new float[moments.Channels]);
        for (int channel = 0; channel < centers.Length; channel++)
        {
            (double center, double deviation) = rule(channel);
            centers[channel] = (float)center;
            // Numbers that only double precision can divide by are as good as equal.
            deviations[channel] = (float)deviation is float single and >= float.Epsilon and < float.PositiveInfinity ? single : 1f;
        }
        var scaling = new ChannelScaling(centers, deviations, limit);
        return scaling.Scaled() > 0 ? scaling : null;
    }

    /// <param name="moments">What was measured.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="flat">The deviation of a constant.</param>
    private static (double Center, double Deviation) Standard(ChannelMoments moments, int channel, double flat)
    {
        double mean = moments.Mean(channel), deviation = moments.Deviation(channel);
        return (mean, deviation <= Noise * Math.Abs(mean) ? flat : deviation);
    }

    private static (double Center, double Deviation) Automatic(ChannelMoments moments, StepSample sample, int channel)
    {
        if (FillsUnitRange(moments, channel))
            return (0, 1);
        // A constant that changes after all does so relative to its size.
        (double center, double deviation) = moments.Zeros(channel) * 2 > moments.Count(channel) ? RareEvents(moments, sample, channel)
            : HeavyTailed(Standard(moments, channel, flat: moments.Largest(channel)), sample, channel);
        return Math.Abs(center) <= 0.5 && deviation is >= 0.5 and <= 2 ? (0, 1) : (center, deviation);
    }

    // Or is a constant within it.
    private static bool FillsUnitRange(ChannelMoments moments, int channel) => moments.Largest(channel) <= 1f
        && (moments.Deviation(channel) >= Faint || moments.Deviation(channel) <= Noise * Math.Abs(moments.Mean(channel)));

    private static (double Center, double Deviation) RareEvents(ChannelMoments moments, StepSample sample, int channel)
    {
        double all = moments.RootMeanSquareOfOthers(channel);
        float[] others = sample.Sorted(channel, zeros: false);
        if (others.Length == 0)
            return (0, all);
        Span<float> sizes = [.. others.Select(Math.Abs).Order()];
        double usual = Quantile(sizes, 0.5);
        return (0, all > HeavyTail * usual ? usual : all);
    }

    private static (double Center, double Deviation) HeavyTailed((double Center, double Deviation) standard, StepSample sample, int channel)
    {
        float[] sorted = sample.Sorted(channel);
        if (sorted.Length == 0)
            return standard;
        double middle = (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / NormalQuartiles, median = Quantile(sorted, 0.5);
        return middle > Noise * Math.Abs(median) && standard.Deviation > HeavyTail * middle ? (median, middle) : standard;
    }

    private static double Quantile(ReadOnlySpan<float> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * ((double)sorted[above] - sorted[below]);
    }
}
