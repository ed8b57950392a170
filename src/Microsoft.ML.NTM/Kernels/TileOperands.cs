namespace Microsoft.ML.NTM.Kernels;

/// <summary>What a tile of a product C [rows, columns] = A [rows, depth] B [depth, columns] works on.</summary>
internal unsafe struct TileOperands
{
    /// <summary>A's first number in the tile, and how far its next row and its next k are.</summary>
    public float* A;

    public nint ARow;

    public nint AStep;

    /// <summary>B's first vectors, and how far those of the next k are. All vectors of the tile are read whole.</summary>
    public float* B;

    public nint BStep;

    /// <summary>Numbers of a cache line.</summary>
    public const int CacheLine = 16;

    /// <summary>Whose cache line is fetched meanwhile, for the tiles after this one, and how far that of the next k is.</summary>
    public float* Ahead;

    public nint AheadStep;

    /// <summary>How many k are summed.</summary>
    public int Depth;

    /// <summary>C's first number in the tile, and how far its next row is.</summary>
    public float* C;

    public nint CStride;

    /// <summary>Numbers of each row's last vector that belong to C; the others are left alone.</summary>
    public int Last;

    /// <summary>Whether the sums begin with what C holds rather than with 0.</summary>
    public bool Add;
}
