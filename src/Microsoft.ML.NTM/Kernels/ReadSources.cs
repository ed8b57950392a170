namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What a DNC's read weighting is mixed of: the weightings that the links lead to, backward and forward, and the content weighting between
/// them; or the derivatives by these. Each is [n].
/// </summary>
internal readonly unsafe struct ReadSources(float* backward, float* content, float* forward)
{
    public float* Backward { get; } = backward;

    public float* Content { get; } = content;

    public float* Forward { get; } = forward;
}
