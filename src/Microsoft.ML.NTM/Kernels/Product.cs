namespace Microsoft.ML.NTM.Kernels;

/// <summary>A product C = A B or C += A B.</summary>
/// <param name="a">A: [rows, K].</param>
/// <param name="aStride">Numbers from one row of A to the next.</param>
/// <param name="rows">Rows of A and C.</param>
/// <param name="b">B: [K, columns].</param>
/// <param name="c">C: [rows, columns].</param>
/// <param name="cStride">Numbers from one row of C to the next.</param>
/// <param name="add">Whether the product is added to what C holds.</param>
internal readonly unsafe struct Product(float* a, int aStride, int rows, PackedMatrix b, float* c, int cStride, bool add)
{
    public readonly float* A = a;

    public readonly int AStride = aStride;

    public readonly int Rows = rows;

    public readonly PackedMatrix B = b;

    public readonly float* C = c;

    public readonly int CStride = cStride;

    public readonly bool Add = add;

    /// <summary>
    /// Whether B's panels are taken from the last to the first. Where the same B comes again and again and is larger than a cache, taking
    /// turns leaves half of what the cache holds for the next time.
    /// </summary>
    public bool Descends { get; init; }

    /// <summary>Multiplications and additions.</summary>
    public long Operations => 2L * Rows * B.Rows * B.Columns;

    /// <summary>The same product of other rows of A and C: <paramref name="count"/> of them from <paramref name="first"/> on.</summary>
    public Product OfRows(int first, int count) =>
        new(A + (nint)first * AStride, AStride, count, B, C + (nint)first * CStride, CStride, Add) { Descends = Descends };
}
