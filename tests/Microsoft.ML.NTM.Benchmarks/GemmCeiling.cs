using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What a core reaches in the matrix products of the copy task: the ceiling that an engine is measured against.</summary>
internal static unsafe class GemmCeiling
{
    /// <summary>Operations of the product that sets the ceiling, 8 x 120 x 400.</summary>
    public const double Operations = 2.0 * 8 * 120 * 400;

    /// <summary>How often <see cref="Products"/> takes the product.</summary>
    public const int Repeats = 50;

    /// <summary>Reports all shapes.</summary>
    public static void Run()
    {
        Console.WriteLine($"{SimdWidths.Best}");
        if (SimdWidths.Best == SimdWidth.Avx512)
            Run<V512>();
        else if (SimdWidths.Best == SimdWidth.Avx2)
            Run<V256>();
        else
            Run<V128>();
    }

    /// <summary>The product that sets the ceiling, to be timed in turn with what is measured against it.</summary>
    public static Action Product() => SimdWidths.Best switch
    {
        SimdWidth.Avx512 => Product<V512>(8, 120, 400),
        SimdWidth.Avx2 => Product<V256>(8, 120, 400),
        _ => Product<V128>(8, 120, 400),
    };

    /// <summary>
    /// What two threads can gain: the product over and over on one thread, and as often on each of two. The cores of a virtual machine may
    /// be two halves of one.
    /// </summary>
    public static (Action One, Action Two) Products(WorkerPool two)
    {
        Action[] products = [Product(), Product()];
        void Repeat(int which)
        {
            for (int i = 0; i < Repeats; i++)
                products[which]();
        }
        Action<int> each = Repeat;
        return (() => Repeat(0), () => two.Run(2, each));
    }

    private static void Run<V>()
        where V : struct, ISimd<V>
    {
        (int Rows, int Depth, int Columns)[] shapes = [(8, 120, 400), (4, 120, 400), (1, 120, 400), (8, 400, 120), (1, 400, 120)];
        Action[] variants = [.. shapes.Select(s => Product<V>(s.Rows, s.Depth, s.Columns)), Gradient<V>()];
        Timing[] timings = Stopwatches.Compare(variants);
        for (int i = 0; i < shapes.Length; i++)
            Report($"{shapes[i].Rows} x {shapes[i].Depth} x {shapes[i].Columns}",
                2.0 * shapes[i].Rows * shapes[i].Depth * shapes[i].Columns, timings[i]);
        Report("weight gradient of 328 rows", 2.0 * 328 * 120 * 400, timings[^1]);
    }

    private static void Report(string what, double operations, Timing timing) =>
        Console.WriteLine(
            $"{what,-28} {operations / timing.Median / 1e6,6:F1} GFLOP/s (quartiles "
                + $"{operations / timing.High / 1e6:F1}-{operations / timing.Low / 1e6:F1})");

    private static Action Product<V>(int rows, int depth, int columns)
        where V : struct, ISimd<V>
    {
        var b = new PackedMatrix(depth, columns, V.PanelVectors * V.Count);
        PinnedBuffer a = new(rows * depth), c = new(rows * columns);
        return () => Gemm.Multiply<V>(a.Pointer, depth, rows, b, c.Pointer, columns, add: true);
    }

    private static Action Gradient<V>()
        where V : struct, ISimd<V>
    {
        PinnedBuffer a = new(328 * 400), b = new(328 * 120), c = new(400 * 120);
        return () =>
        {
            for (int from = 0; from < 400; from += 80)
            {
                OuterProducts.Add<V>(new OuterProduct
                {
                    A = a.Pointer + from,
                    AStride = 400,
                    Outputs = 80,
                    B = b.Pointer,
                    BStride = 120,
                    Inputs = 120,
                    Rows = 328,
                    C = c.Pointer + from * 120,
                    CStride = 120,
                });
            }
        };
    }
}
