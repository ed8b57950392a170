namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Some of the steps of a stream, spread evenly over all of it, for medians and quartiles; always the same ones for the same stream. Which
/// steps are kept follows from the fractional parts of multiples of the golden ratio: they are spread evenly and in step with no period
/// that data may have.
/// </summary>
internal sealed class StepSample
{
    private const int MaxValues = 1 << 22, MostSteps = 1 << 10, LeastSteps = 1 << 4;
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15; // its fraction, times 2^64

    private readonly int _channels, _capacity;
    private readonly List<float[]> _steps = [];
    private readonly List<ulong> _places = [];
    private ulong _seen;
    private int _bits; // leading zero bits that the place of a kept step needs

    /// <param name="channels">Values per step (C).</param>
    public StepSample(int channels)
    {
        _channels = channels;
        _capacity = Math.Clamp(MaxValues / Math.Max(channels, 1), LeastSteps, MostSteps);
    }

    /// <summary>Offers whole steps: [T, C].</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (int start = 0; start < values.Length; start += _channels)
        {
            ulong place = _seen++ * GoldenRatio;
            if (!Keeps(place))
                continue;
            if (_steps.Count == _capacity)
            {
                Thin();
                if (!Keeps(place))
                    continue;
            }
            _places.Add(place);
            _steps.Add(values.Slice(start, _channels).ToArray());
        }
    }

    /// <summary>The kept values of a channel, in ascending order and without NaN.</summary>
    /// <param name="channel">Which.</param>
    /// <param name="zeros">Whether values that are exactly 0 are among them.</param>
    public float[] Sorted(int channel, bool zeros = true)
    {
        float[] values = [.. _steps.Select(step => step[channel]).Where(value => !float.IsNaN(value) && (zeros || value != 0f))];
        Array.Sort(values);
        return values;
    }

    private bool Keeps(ulong place) => _bits == 0 || place >> (64 - _bits) == 0;

    private void Thin()
    {
        while (_steps.Count == _capacity)
        {
            _bits++;
            int kept = 0;
            for (int i = 0; i < _steps.Count; i++)
            {
                if (Keeps(_places[i]))
                    (_steps[kept], _places[kept++]) = (_steps[i], _places[i]);
            }
            _steps.RemoveRange(kept, _steps.Count - kept);
            _places.RemoveRange(kept, _places.Count - kept);
        }
    }
}
