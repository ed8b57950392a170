namespace Microsoft.ML.NTM.Kernels;

/// <summary>A sum of outer products C += A^T B.</summary>
internal unsafe struct OuterProduct
{
    /// <summary>A: [Rows, Outputs], and how far its next row is.</summary>
    public float* A;

    public int AStride;

    /// <summary>At most <see cref="OuterProducts.MostOutputs"/>.</summary>
    public int Outputs;

    /// <summary>B: [Rows, Inputs], and how far its next row is.</summary>
    public float* B;

    public int BStride;

    public int Inputs;

    /// <summary>How many outer products are summed.</summary>
    public int Rows;

    /// <summary>C: [Outputs, Inputs], and how far its next row is.</summary>
    public float* C;

    public int CStride;
}
