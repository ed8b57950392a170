using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Sums of outer products, C += A^T B: a weight's gradient from all steps' output gradients A and inputs B. Every number of C is summed
/// over the rows of A and B in order.
/// </summary>
internal static unsafe class OuterProducts
{
    /// <summary>Outputs that are worked on at once; more must be split. Inputs are copied once for so many of them.</summary>
    public const int MostOutputs = 192;

    // Rows of B that stay in the first-level cache while the tiles of C pass by.
    private const int Depth = 128;

    // Blocks of A a power of two apart would all want the same few lines of the cache.
    private const int BlockGap = 16;

    private const int MostPanel = 32;
    private const int CacheLine = 64;
    private const int ScratchLength = (MostOutputs + MostPanel) * Depth + MostOutputs / 4 * BlockGap + CacheLine / sizeof(float);

    /// <summary>
    /// C [outputs, inputs] += sum over k of A[k]^T B[k]; A is [rows, outputs], B is [rows, inputs], strides between rows. A and B are
    /// copied to where tiles read them in one go: their own rows may stand on a page each.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    [SkipLocalsInit]
    public static void Add<V>(in OuterProduct product)
        where V : struct, ISimd<V>
    {
        byte* scratch = stackalloc byte[ScratchLength * sizeof(float)];
        float* panel = (float*)(((nint)scratch + CacheLine - 1) / CacheLine * CacheLine), left = panel + MostPanel * Depth;
        int tileRows = V.TileRows, panelWidth = V.PanelVectors * V.Count;
        for (int k = 0; k < product.Rows; k += Depth)
        {
            int depth = Math.Min(Depth, product.Rows - k);
            CopyLeft<V>(product.A + (nint)k * product.AStride, product.AStride, product.Outputs, depth, left);
            for (int from = 0; from < product.Inputs; from += panelWidth)
            {
                int width = Math.Min(panelWidth, product.Inputs - from), vectors = (width + V.Count - 1) / V.Count;
                CopyPanel<V>(product.B + (nint)k * product.BStride + from, product.BStride, width, depth, panel);
                TileOperands tile = new()
                {
                    ARow = 1,
                    AStep = tileRows,
                    B = panel,
                    BStep = vectors * V.Count,
                    Depth = depth,
                    CStride = product.CStride,
                    Last = width - (vectors - 1) * V.Count,
                    Add = true,
                };
                var ahead = new LinesAhead(product, k, depth, from, panelWidth, Tiles.LinesOfPanel<V>());
                bool fetches = vectors == V.PanelVectors && Tiles.FetchesAhead<V>();
                for (int output = 0; output < product.Outputs;)
                {
                    int remaining = product.Outputs - output;
                    int rows = remaining >= tileRows ? tileRows : remaining >= 4 ? 4 : remaining >= 2 ? 2 : 1;
                    tile.A = left + output / tileRows * (tileRows * depth + BlockGap) + output % tileRows;
                    tile.C = product.C + (nint)output * product.CStride + from;
                    if (fetches && rows == tileRows && ahead.Next(ref tile))
                        Tiles.RunAhead<V>(tile);
                    else
                        Tiles.Run<V>(tile, rows, vectors);
                    output += rows;
                }
            }
        }
    }

    /// <summary>sums[outputs] += the rows of A [rows, outputs], in order.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void AddRows<V>(float* a, int aStride, int outputs, int rows, float* sums)
        where V : struct, ISimd<V>
    {
        for (int from = 0; from < outputs; from += V.Count)
        {
            int count = Math.Min(V.Count, outputs - from);
            V sum = V.LoadFirst(sums + from, count);
            float* row = a + from;
            for (int k = 0; k < rows; k++)
            {
                sum += V.LoadFirst(row, count);
                row += aStride;
            }
            V.StoreFirst(sums + from, sum, count);
        }
    }

    // [depth, outputs] becomes one block [depth, TileRows] per tile.
    [MethodImpl(Jit.Optimized)]
    private static void CopyLeft<V>(float* a, nint stride, int outputs, int depth, float* to)
        where V : struct, ISimd<V>
    {
        int width = V.TileRows, block = width * depth + BlockGap;
        for (int k = 0; k < depth; k++)
        {
            float* line = to + k * width;
            int output = 0;
            for (; output + width <= outputs; output += width)
            {
                Unsafe.CopyBlockUnaligned(line, a + output, (uint)(width * sizeof(float)));
                line += block;
            }
            for (int i = 0; output + i < outputs; i++)
                line[i] = a[output + i];
            a += stride;
        }
    }

    // [depth, width] becomes [depth, whole vectors].
    [MethodImpl(Jit.Optimized)]
    private static void CopyPanel<V>(float* b, nint stride, int width, int depth, float* to)
        where V : struct, ISimd<V>
    {
        int whole = (width - 1) / V.Count, last = width - whole * V.Count;
        for (int v = 0; v <= whole; v++)
        {
            float* from = b + v * V.Count, line = to + v * V.Count;
            nint step = (whole + 1) * V.Count;
            for (int k = 0; k < depth; k++)
            {
                V.Store(line, v < whole ? V.Load(from) : V.LoadFirst(from, last));
                from += stride;
                line += step;
            }
        }
    }

    /// <summary>
    /// What comes next, line by line of a column of cache lines: a panel of B, and after a block's last panel the next block's first and
    /// its A.
    /// </summary>
    private ref struct LinesAhead
    {
        private float* _b, _a;
        private readonly nint _bStride, _aStride;
        private int _bLines, _aLines;

        public LinesAhead(in OuterProduct product, int k, int depth, int from, int panelWidth, int lines)
        {
            bool last = from + panelWidth >= product.Inputs, ends = k + depth >= product.Rows;
            (_bStride, _aStride) = (product.BStride, product.AStride);
            _bLines = last && ends ? 0 : lines;
            _b = last ? product.B + (nint)(k + depth) * _bStride : product.B + (nint)k * _bStride + from + panelWidth;
            _aLines = last && !ends ? (product.Outputs + TileOperands.CacheLine - 1) / TileOperands.CacheLine : 0;
            _a = product.A + (nint)(k + depth) * _aStride;
        }

        /// <summary>Gives a tile the next column of lines; false where there is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Next(ref TileOperands tile)
        {
            if (_bLines > 0)
            {
                tile.Ahead = _b;
                tile.AheadStep = _bStride;
                _bLines--;
                _b += TileOperands.CacheLine;
                return true;
            }
            if (_aLines == 0)
                return false;
            tile.Ahead = _a;
            tile.AheadStep = _aStride;
            _aLines--;
            _a += TileOperands.CacheLine;
            return true;
        }
    }
}
