using System.Diagnostics;
using Microsoft.ML.NTM.Kernels;

Ceiling.Run<V512>();
Ceiling.Run<V256>();
Ceiling.Run<V128>();

internal static unsafe class Ceiling
{
    public static void Run<V>()
        where V : struct, ISimd<V>
    {
        foreach ((int rows, int depth, int columns) in new[] { (8, 120, 400), (4, 120, 400), (1, 120, 400), (8, 400, 120), (1, 400, 120) })
        {
            var b = new PackedMatrix(depth, columns, V.Count);
            var a = new PinnedBuffer(rows * depth);
            var c = new PinnedBuffer(rows * columns);
            for (int warm = 0; warm < 3; warm++)
            {
                long t = Stopwatch.GetTimestamp();
                int n = 0;
                while (Stopwatch.GetElapsedTime(t).TotalSeconds < 0.4)
                {
                    for (int i = 0; i < 50; i++, n++)
                        Gemm.Multiply<V>(a.Pointer, depth, rows, b, c.Pointer, columns, true);
                }
                double s = Stopwatch.GetElapsedTime(t).TotalSeconds;
                if (warm == 2)
                    Console.WriteLine($"{typeof(V).Name} {rows}x{depth}x{columns} {2.0 * rows * depth * columns * n / s / 1e9:F1} GFLOP/s");
            }
        }
        const int K = 328;
        var x = new PinnedBuffer(K * 120);
        var y = new PinnedBuffer(K * 400);
        var w = new PinnedBuffer(400 * 120);
        for (int warm = 0; warm < 3; warm++)
        {
            long t = Stopwatch.GetTimestamp();
            int n = 0;
            while (Stopwatch.GetElapsedTime(t).TotalSeconds < 0.4)
            {
                OuterProducts.Add<V>(y.Pointer, 400, 400, x.Pointer, 120, 120, K, w.Pointer, 120);
                n++;
            }
            double s = Stopwatch.GetElapsedTime(t).TotalSeconds;
            if (warm == 2)
                Console.WriteLine($"{typeof(V).Name} outer {2.0 * K * 120 * 400 * n / s / 1e9:F1} GFLOP/s");
        }
    }
}
