namespace Microsoft.ML.NTM;

/// <summary>A network's parameters: one flat array with named slices.</summary>
public sealed class ParameterSet
{
    /// <summary>A set of zeros for <paramref name="spec"/>.</summary>
    public ParameterSet(NetworkSpec spec)
        : this(new ParameterLayout(spec))
    {
    }

    internal ParameterSet(ParameterLayout layout)
    {
        Layout = layout;
        Values = new float[layout.Length];
    }

    /// <summary>Which parameter stands where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All parameters, in the layout's order.</summary>
    public float[] Values { get; }

    /// <summary>The values of the parameter called <paramref name="name"/>, row-major.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such parameter.</exception>
    public Span<float> this[string name]
    {
        get
        {
            ParameterSlice slice = Layout[name];
            return Values.AsSpan(slice.Offset, slice.Length);
        }
    }
}
