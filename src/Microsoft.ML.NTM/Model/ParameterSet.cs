namespace Microsoft.ML.NTM;

/// <summary>A network's parameters: one flat array with named slices. Read-only once made.</summary>
public sealed class ParameterSet
{
    /// <summary>A set of zeros for <paramref name="spec"/>.</summary>
    public ParameterSet(NetworkSpec spec)
        : this(new ParameterLayout(spec))
    {
    }

    /// <summary>A copy of <paramref name="values"/> as the parameters of <paramref name="spec"/>.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="values">All parameters, in the order of the network's <see cref="ParameterLayout"/>: [P].</param>
    /// <exception cref="ArgumentException">There are more or fewer than the network has.</exception>
    public ParameterSet(NetworkSpec spec, ReadOnlySpan<float> values)
        : this(spec)
    {
        if (values.Length != Layout.Length)
            throw new ArgumentException($"Expected {Layout.Length} parameters, got {values.Length}.", nameof(values));
        values.CopyTo(Values);
    }

    internal ParameterSet(ParameterLayout layout)
    {
        Layout = layout;
        Values = new float[layout.Length];
    }

    /// <summary>Which parameter stands where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All parameters, in the layout's order; for whoever trains or loads them.</summary>
    internal float[] Values { get; }

    /// <summary>All parameters, in the layout's order: [P].</summary>
    public ReadOnlySpan<float> AsSpan() => Values;

    /// <summary>The values of the parameter called <paramref name="name"/>, row-major.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such parameter.</exception>
    public ReadOnlySpan<float> this[string name] => Slice(name);

    /// <summary>The same to be written.</summary>
    internal Span<float> Slice(string name)
    {
        ParameterSlice slice = Layout[name];
        return Values.AsSpan(slice.Offset, slice.Length);
    }
}
