namespace Microsoft.ML.NTM.Kernels;

/// <summary>Read heads that follow a row's links; or the derivatives by what they found and by what they followed from.</summary>
internal readonly unsafe struct LinkReads
{
    /// <summary>R.</summary>
    public required int Heads { get; init; }

    /// <summary>Last step's read weightings: [R, n].</summary>
    public required float* Weightings { get; init; }

    /// <summary>L w: [R, n].</summary>
    public required float* Forward { get; init; }

    /// <summary>L^T w: [R, n].</summary>
    public required float* Backward { get; init; }
}
