namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Some columns of lines (steps of rows): [lines, Count].</summary>
internal readonly unsafe struct LineColumns(float* first, int stride, int count)
{
    /// <summary>The first line's first number.</summary>
    public float* First { get; } = first;

    /// <summary>Numbers from one line to the next.</summary>
    public int Stride { get; } = stride;

    public int Count { get; } = count;
}
