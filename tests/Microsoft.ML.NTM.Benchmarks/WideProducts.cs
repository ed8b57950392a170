using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// The products of a wide layer's step, [rows, H] x [H, 4 H], its gates and its weights' gradient, next to libtorch's products.
/// </summary>
internal static unsafe class WideProducts
{
    /// <summary>One thread; every size with every number of rows.</summary>
    public static void Run(int[] sizes, int[] rows)
    {
        TorchBackend.Require();
        set_num_threads(1);
        foreach (int size in sizes)
        {
            foreach (int count in rows)
                Run(size, count);
        }
    }

    private static void Run(int size, int rows)
    {
        switch (SimdWidths.Best)
        {
            case SimdWidth.Avx512:
                Run<V512>(size, rows);
                break;
            case SimdWidth.Avx2:
                Run<V256>(size, rows);
                break;
            default:
                Run<V128>(size, rows);
                break;
        }
    }

    private static void Run<V>(int size, int rows)
        where V : struct, ISimd<V>
    {
        int gates = 4 * size, lines = 20 * rows;
        var b = new PackedMatrix(size, gates, V.PanelVectors * V.Count);
        var back = new PackedMatrix(gates, size, V.PanelVectors * V.Count);
        PinnedBuffer a = new(lines * size), c = new(lines * gates), cells = new(rows * size), sums = new(gates * size);
        // Memory that was never written is one page of zeros for the processor's caches.
        foreach (PinnedBuffer buffer in new[] { a, c, cells, sums })
            buffer.Span(0, (int)buffer.Length).Fill(0.01f);
        b.SetColumns(sums.Pointer, gates, 0, gates, 0, size);
        back.SetColumns(sums.Pointer, size, 0, size, 0, gates);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        Tensor left = rand(rows, size), right = rand(size, gates), result = rand(rows, gates);
        Tensor tall = rand(lines, gates), seen = rand(lines, size), bySum = rand(gates, size);
        Timing[] times = Stopwatches.Compare(
        [
            () => Gemm.Multiply<V>(a.Pointer, size, rows, b, c.Pointer, gates, add: true), () => result.addmm_(left, right),
            () => Gemm.Multiply<V>(c.Pointer, gates, rows, back, a.Pointer, size, add: true),
            () => Gradient<V>(size, lines, a, c, sums), () => bySum.addmm_(tall.t(), seen),
            () => Gates<V>(size, rows, c, cells),
        ], rounds: 7);
        double product = 2.0 * rows * size * gates;
        Console.WriteLine($"H {size}, {rows} rows: product {product / times[0].Median / 1e6:F0} GFLOP/s "
            + $"(libtorch {product / times[1].Median / 1e6:F0}), back {product / times[2].Median / 1e6:F0}, "
            + $"weight gradient of 20 steps {20 * product / times[3].Median / 1e6:F0} "
            + $"(libtorch {20 * product / times[4].Median / 1e6:F0}), gates {times[5].Median / times[0].Median:P0} of the product's time");
    }

    private static void Gates<V>(int size, int rows, PinnedBuffer gates, PinnedBuffer cells)
        where V : struct, ISimd<V>
    {
        for (int row = 0; row < rows; row++)
        {
            float* cell = cells.Pointer + row * size;
            LstmGates.Forward<V>(new LstmRow
            {
                Gates = gates.Pointer + row * 4 * size,
                GateStride = size,
                Units = size,
                Clip = 20,
                Before = cell,
                Cell = cell,
                Squashed = gates.Pointer + 4 * size * (rows + row),
                Hidden = gates.Pointer + 4 * size * (2 * rows + row),
            });
        }
    }

    private static void Gradient<V>(int size, int lines, PinnedBuffer a, PinnedBuffer c, PinnedBuffer sums)
        where V : struct, ISimd<V>
    {
        for (int from = 0; from < 4 * size; from += OuterProducts.MostOutputs)
        {
            OuterProducts.Add<V>(new OuterProduct
            {
                A = c.Pointer + from,
                AStride = 4 * size,
                Outputs = Math.Min(OuterProducts.MostOutputs, 4 * size - from),
                B = a.Pointer,
                BStride = size,
                Inputs = size,
                Rows = lines,
                C = sums.Pointer + (nint)from * size,
                CStride = size,
            });
        }
    }
}
