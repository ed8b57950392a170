namespace Microsoft.ML.NTM.Kernels;

/// <summary>A row's links and what a write makes of them.</summary>
internal readonly unsafe struct LinkWrite
{
    /// <summary>[n][n], of which the first N rows are used: before the write, and before the earlier ones.</summary>
    public required float* Links { get; init; }

    /// <summary>How many writes came after the links and before this one.</summary>
    public int Earlier { get; init; }

    /// <summary>How far the write weighting and the precedence of the write before are: that many numbers back.</summary>
    public nint Stride { get; init; }

    /// <summary>N.</summary>
    public required int Slots { get; init; }

    /// <summary>N rounded up to a multiple of 16.</summary>
    public required int N { get; init; }

    /// <summary>The write weighting: [n].</summary>
    public required float* Write { get; init; }

    /// <summary>The precedence before the write: [n].</summary>
    public required float* Precedence { get; init; }
}
