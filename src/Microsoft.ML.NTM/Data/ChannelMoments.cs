namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Count, mean, variance, range and zeros of each channel, in one pass (B. P. Welford, Technometrics 4:3, 1962). NaN is not counted. Always
/// the same bits for the same values in the same order.
/// </summary>
internal sealed class ChannelMoments(int channels)
{
    private readonly long[] _counts = new long[channels], _zeros = new long[channels];
    private readonly double[] _means = new double[channels], _squaresAroundMean = new double[channels], _squares = new double[channels];
    private readonly float[] _largest = new float[channels];

    /// <summary>Channels (C).</summary>
    public int Channels { get; } = channels;

    /// <summary>Adds whole steps: [T, C].</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (int i = 0, channel = 0; i < values.Length; i++)
        {
            if (!float.IsNaN(values[i]))
                Add(channel, values[i]);
            channel = channel + 1 == Channels ? 0 : channel + 1;
        }
    }

    /// <summary>Values that were no NaN.</summary>
    public long Count(int channel) => _counts[channel];

    /// <summary>How many of them were exactly 0.</summary>
    public long Zeros(int channel) => _zeros[channel];

    /// <summary>The mean; 0 without values.</summary>
    public double Mean(int channel) => _means[channel];

    /// <summary>The root of the mean squared distance from the mean; 0 without values.</summary>
    public double Deviation(int channel) => _counts[channel] == 0 ? 0 : Math.Sqrt(_squaresAroundMean[channel] / _counts[channel]);

    /// <summary>The root of the mean square of the values that are not 0; 0 where there are none.</summary>
    public double RootMeanSquareOfOthers(int channel) =>
        _counts[channel] == _zeros[channel] ? 0 : Math.Sqrt(_squares[channel] / (_counts[channel] - _zeros[channel]));

    /// <summary>The largest absolute value; 0 without values.</summary>
    public float Largest(int channel) => _largest[channel];

    private void Add(int channel, float value)
    {
        long count = ++_counts[channel];
        if (value == 0f)
            _zeros[channel]++;
        double before = value - _means[channel];
        _means[channel] += before / count;
        _squaresAroundMean[channel] += before * (value - _means[channel]);
        _squares[channel] += (double)value * value;
        _largest[channel] = Math.Max(_largest[channel], Math.Abs(value));
    }
}
