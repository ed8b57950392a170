namespace Microsoft.ML.NTM;

/// <summary>One quantity of a network, step by step.</summary>
public sealed class TraceSeries
{
    private readonly float[] _values;

    internal TraceSeries(string name, int steps, int width)
    {
        (Name, Steps, Width) = (name, steps, width);
        _values = new float[checked(steps * width)];
    }

    /// <summary>What it is (see <see cref="SequenceTrace"/>).</summary>
    public string Name { get; }

    /// <summary>T: steps of the sequence, those with answers included.</summary>
    public int Steps { get; }

    /// <summary>Numbers per step.</summary>
    public int Width { get; }

    /// <summary>All numbers, [T, Width].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The numbers of a step, [Width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public ReadOnlySpan<float> this[int step] => Step(step);

    internal Span<float> Step(int step) => _values.AsSpan(step * Width, Width);
}
