namespace Microsoft.ML.NTM.Kernels;

/// <summary>A row's memory as the kernels hold it: [M][n], M numbers of a slot below one another, n slots side by side.</summary>
internal readonly unsafe struct SlotMatrix(float* values, int width, int n)
{
    /// <summary>The first slot's first number.</summary>
    public float* Values { get; } = values;

    /// <summary>M.</summary>
    public int Width { get; } = width;

    /// <summary>N rounded up to a multiple of 16.</summary>
    public int N { get; } = n;
}
