namespace Microsoft.ML.NTM.Kernels;

/// <summary>How far a weighting is shifted, as a distribution: [2S + 1] weights of -S to S places.</summary>
internal readonly unsafe struct ShiftDistribution(float* weights, int range)
{
    /// <summary>The weight of -S places and all that follow.</summary>
    public float* Weights { get; } = weights;

    /// <summary>S.</summary>
    public int Range { get; } = range;
}
