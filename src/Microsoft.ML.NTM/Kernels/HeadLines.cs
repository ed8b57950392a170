namespace Microsoft.ML.NTM.Kernels;

/// <summary>A vector of each of several heads.</summary>
/// <param name="first">The first head's.</param>
/// <param name="stride">Numbers from one head's to the next's.</param>
internal readonly unsafe struct HeadLines(float* first, nint stride)
{
    /// <summary>A head's vector.</summary>
    public float* this[int head] => first + head * stride;
}
