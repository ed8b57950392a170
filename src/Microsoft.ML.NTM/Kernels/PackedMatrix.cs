namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// The right side of a matrix product, [K, n], cut into panels of 3 registers' columns: a panel holds its K rows one after another, so a
/// product reads it as one stream. The last panel is 1 to 3 registers wide; columns behind n are 0.
/// </summary>
internal static unsafe class PackedMatrix<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>Registers per panel.</summary>
    public const int PanelRegisters = 3;

    /// <summary>Numbers that a packed [k, n] takes.</summary>
    public static int Length(int k, int n) => k * Registers(n) * V.Count;

    /// <summary>Registers across n columns.</summary>
    public static int Registers(int n) => (n + V.Count - 1) / V.Count;

    /// <summary>Packs rows as they stand: element (k, c) is <c>source[rows[k] * stride + c]</c>, [k, n].</summary>
    public static void PackRows(float* source, nint stride, ReadOnlySpan<int> rows, int n, float* packed)
    {
        int registers = Registers(n);
        for (int first = 0; first < registers; first += PanelRegisters)
        {
            int width = Math.Min(PanelRegisters, registers - first) * V.Count;
            int columns = Math.Min(width, n - first * V.Count);
            foreach (int row in rows)
            {
                float* from = source + row * stride + first * V.Count;
                for (int c = 0; c < columns; c += V.Count)
                    V.Store(packed + c, V.LoadFirst(from + c, columns - c));
                packed += width;
            }
        }
    }

    /// <summary>Packs the transpose: element (k, c) is <c>source[rows[c] * stride + k]</c>, [k, n] of a source with n such rows.</summary>
    public static void PackColumns(float* source, nint stride, ReadOnlySpan<int> rows, int k, float* packed)
    {
        int n = rows.Length, registers = Registers(n);
        for (int first = 0; first < registers; first += PanelRegisters)
        {
            int width = Math.Min(PanelRegisters, registers - first) * V.Count;
            for (int c = 0; c < width; c++)
            {
                int column = first * V.Count + c;
                float* from = column < n ? source + rows[column] * stride : null;
                for (int i = 0; i < k; i++)
                    packed[i * width + c] = from == null ? 0f : from[i];
            }
            packed += (nint)k * width;
        }
    }
}
