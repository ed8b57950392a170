using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>What a DNC's step of one row is made of: each kernel on its own, its links from the second-level cache.</summary>
internal static unsafe class DncKernels
{
    /// <summary>Microseconds per call at N = 128, M = 20, R = 4.</summary>
    public static void Run()
    {
        if (SimdWidths.Best == SimdWidth.Avx512)
            Run<V512>(128, 20, 4);
        else if (SimdWidths.Best == SimdWidth.Avx2)
            Run<V256>(128, 20, 4);
        else
            Run<V128>(128, 20, 4);
    }

    private static void Run<V>(int n, int width, int heads)
        where V : struct, ISimd<V>
    {
        PinnedBuffer links = new(n * n), next = new(n * n), byLinks = new(n * n), memory = new(width * n), slots = new(80 * n),
            usage = new(n);
        var random = new Random(1);
        for (int i = 0; i < n; i++)
            usage.Pointer[i] = random.NextSingle();
        float* lane = slots.Pointer;
        float* Lane(int index) => lane + index * n;
        LinkWrite Written(PinnedBuffer of, float* write, float* precedence) =>
            new() { Links = of.Pointer, Slots = n, N = n, Write = write, Precedence = precedence };
        LinkReads Reads(float* weightings, float* forward, float* backward) =>
            new() { Heads = heads, Weightings = weightings, Forward = forward, Backward = backward };
        var keys = new ulong[n];
        int* order = stackalloc int[n];
        nint orders = (nint)order;
        (string Name, Action Run)[] parts =
        [
            ("links, forward", () => Linkage.Step<V>(Written(links, Lane(0), Lane(1)), Reads(Lane(2), Lane(10), Lane(20)), Lane(40))),
            ("links, replayed", () => Linkage.Update<V>(Written(links, Lane(0), Lane(1)), next.Pointer)),
            ("links, backward", () =>
                LinkageGradient.Step<V>(Written(links, Lane(0), Lane(1)), Written(byLinks, Lane(40), Lane(41)), Lane(2),
                    Reads(Lane(34), Lane(10), Lane(20)), Lane(45))),
            ("order, anew", () =>
            {
                for (int i = 0; i < n; i++)
                    ((int*)orders)[i] = i;
                Allocation.Order(usage.Pointer, new Span<int>((int*)orders, n), keys);
            }),
            ("order, as it was", () => Allocation.Order(usage.Pointer, new Span<int>((int*)orders, n), keys)),
            ("allocation", () => Allocation.Weighting(usage.Pointer, (int*)orders, n, Lane(42))),
            ("allocation, backward", () => Allocation.Backward(usage.Pointer, (int*)orders, n, Lane(42), Lane(43), Lane(44))),
            ("dots", () => MemoryMatrix.Dots<V>(memory.Pointer, width, n, Lane(45), Lane(46))),
            ("read", () => MemoryMatrix.Read<V>(memory.Pointer, width, n, Lane(45), Lane(46))),
            ("outer product", () => MemoryMatrix.AddOuter<V>(memory.Pointer, width, n, Lane(45), Lane(46))),
            ("content", () => Weighting.Content<V>(Lane(45), 1, Lane(46), n, Lane(47))),
        ];
        Timing[] timings = Stopwatches.Compare([.. parts.Select(part => part.Run)], rounds: 9);
        for (int i = 0; i < parts.Length; i++)
            Console.WriteLine($"{parts[i].Name,-22} {timings[i].Median * 1000,7:F2} us ({timings[i].Low * 1000:F2})");
    }
}
