namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Flat parameters in double precision, looked up by name.</summary>
internal sealed class ReferenceParameters(NetworkSpec spec, double[] values)
{
    private readonly ParameterLayout _layout = new(spec);

    public NetworkSpec Spec { get; } = spec;

    public double[] this[string name]
    {
        get
        {
            ParameterSlice slice = _layout[name];
            return values[slice.Offset..(slice.Offset + slice.Length)];
        }
    }

    public bool Has(string name) => _layout.Contains(name);

    public double[] Affine(string name, double[] x) => ReferenceMath.Affine(this[name + ".weight"], this[name + ".bias"], x);
}
