namespace Microsoft.ML.NTM.Kernels;

/// <summary>Matrix products. Elements are summed in one fixed order, whatever the number of rows and however the work is cut.</summary>
internal static unsafe class MatrixProduct<V>
    where V : unmanaged, ILanes<V>
{
    // Rows of A and B per pass of an outer product: what both tiles' columns need of them stays in the first-level cache.
    private const int OuterBlock = 64;

    /// <summary>
    /// C += A B: A [rows, k], B packed [k, n], C [rows, n]; rows are <paramref name="aStride"/> and <paramref name="cStride"/> apart. C's rows
    /// are read and written in whole registers: up to n rounded up to the width, where 0 is added.
    /// </summary>
    public static void Add(float* a, nint aStride, int rows, int k, float* packed, int n, float* c, nint cStride)
    {
        int registers = PackedMatrix<V>.Registers(n);
        for (int first = 0; first < registers; first += PackedMatrix<V>.PanelRegisters)
        {
            int width = Math.Min(PackedMatrix<V>.PanelRegisters, registers - first);
            Panel(a, aStride, rows, k, packed, width, c + first * V.Count, cStride);
            packed += (nint)k * width * V.Count;
        }
    }

    /// <summary>
    /// C += A^T B: A [k, m], B [k, n], C [m, n]. C has whole tiles of rows (<see cref="OuterRows"/>) and registers of columns; A and B may be
    /// read up to there, and what is read behind m and n shows only in C's rows and columns behind m and n.
    /// </summary>
    public static void AddOuter(float* a, nint aStride, int m, float* b, nint bStride, int n, long k, float* c, nint cStride)
    {
        int registers = PackedMatrix<V>.Registers(n);
        for (long row = 0; row < k; row += OuterBlock)
        {
            int block = (int)Math.Min(OuterBlock, k - row);
            for (int first = 0; first < registers; first += PackedMatrix<V>.PanelRegisters)
            {
                int width = Math.Min(PackedMatrix<V>.PanelRegisters, registers - first);
                for (int i = 0; i < m; i += V.TileRows)
                    OuterTile(width, a + i, aStride, b + first * V.Count, bStride, block, c + i * cStride + first * V.Count, cStride);
            }
            a += block * aStride;
            b += block * bStride;
        }
    }

    /// <summary>Rows that C needs in <see cref="AddOuter"/> for m columns of A.</summary>
    public static int OuterRows(int m) => (m + V.TileRows - 1) / V.TileRows * V.TileRows;

    /// <summary>sums += column sums of A: [k, n] to [n], read and written in whole registers.</summary>
    public static void AddColumnSums(float* a, nint aStride, int n, long k, float* sums)
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Load(sums + i);
            float* from = a + i;
            for (long row = 0; row < k; row++, from += aStride)
                sum += V.Load(from);
            V.Store(sums + i, sum);
        }
    }

    private static void Panel(float* a, nint aStride, int rows, int k, float* b, int width, float* c, nint cStride)
    {
        while (rows > 0)
        {
            int taken;
            if (V.TileRows == 8 && rows > 4)
            {
                taken = Math.Min(8, rows);
                ProductTiles8<V>.Run(width, a, aStride, taken, k, b, c, cStride);
            }
            else if (rows > 1)
            {
                taken = Math.Min(4, rows);
                ProductTiles4<V>.Run(width, a, aStride, taken, k, b, c, cStride);
            }
            else
            {
                taken = 1;
                ProductTiles1<V>.Run(width, a, k, b, c);
            }
            rows -= taken;
            a += taken * aStride;
            c += taken * cStride;
        }
    }

    private static void OuterTile(int width, float* a, nint aStride, float* b, nint bStride, int k, float* c, nint cStride)
    {
        if (V.TileRows == 8)
            OuterTiles8<V>.Run(width, a, aStride, b, bStride, k, c, cStride);
        else
            OuterTiles4<V>.Run(width, a, aStride, b, bStride, k, c, cStride);
    }
}
