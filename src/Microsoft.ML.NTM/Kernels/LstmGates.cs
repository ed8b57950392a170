using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// The elementwise part of an LSTM layer, one row of H units. The four gates' numbers stand interleaved, so that one pass sees all four of
/// a unit: [i i.. f f.. g g.. o o..] for the first register's units, then for the next; the last group is as narrow as the units left.
/// </summary>
internal static unsafe class LstmGates<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>For each of the 4H interleaved places, its row in matrices that hold all i, then all f, g, o.</summary>
    public static int[] Order(int units)
    {
        var order = new int[4 * units];
        for (int first = 0; first < units; first += V.Count)
        {
            int width = Math.Min(V.Count, units - first);
            for (int gate = 0; gate < 4; gate++)
            {
                for (int j = 0; j < width; j++)
                    order[4 * first + gate * width + j] = gate * units + first + j;
            }
        }
        return order;
    }

    /// <summary>
    /// i, f, o = sigma, g = tanh, in place of <paramref name="z"/> [4H]; c = f c' + i g; h = o tanh c, held to [-clip, clip].
    /// Cells [H]; whole registers are written, also behind the last unit of <paramref name="z"/>, <paramref name="h"/> and the cells.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* z, float* previousCell, float* cell, float* cellTanh, float* h, int units, float clip)
    {
        V low = V.Create(-clip), high = V.Create(clip);
        for (int j = 0; j < units; j += V.Count)
        {
            int width = Math.Min(V.Count, units - j);
            float* at = z + 4 * j;
            V i = VectorMath<V>.Sigmoid(V.Load(at));
            V f = VectorMath<V>.Sigmoid(V.Load(at + width));
            V g = VectorMath<V>.Tanh(V.Load(at + 2 * width));
            V o = VectorMath<V>.Sigmoid(V.Load(at + 3 * width));
            V c = V.MultiplyAdd(f, V.Load(previousCell + j), i * g);
            V t = VectorMath<V>.Tanh(c);
            Store(at, width, i, f, g, o);
            V.Store(cell + j, c);
            V.Store(cellTanh + j, t);
            V.Store(h + j, V.Min(high, V.Max(low, o * t)));
        }
    }

    /// <summary>
    /// From dh [H] and dc' = <paramref name="dCell"/> [H]: the gates' activations in <paramref name="z"/> become the derivatives by what
    /// they were made of [4H], and dCell the derivative by the previous cells [H].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* z, float* previousCell, float* cellTanh, float* dh, float* dCell, int units, float clip)
    {
        V one = V.Create(1f), limit = V.Create(clip);
        for (int j = 0; j < units; j += V.Count)
        {
            int width = Math.Min(V.Count, units - j);
            float* at = z + 4 * j;
            V i = V.Load(at), f = V.Load(at + width), g = V.Load(at + 2 * width), o = V.Load(at + 3 * width);
            V t = V.Load(cellTanh + j);
            V unclipped = o * t;
            V clipped = V.GreaterThan(V.Max(unclipped, V.Zero - unclipped), limit);
            V d = V.Select(clipped, V.Zero, V.Load(dh + j));
            V dc = V.MultiplyAdd(d * o, V.NegatedMultiplyAdd(t, t, one), V.Load(dCell + j));
            V.Store(dCell + j, dc * f);
            V di = dc * g * V.NegatedMultiplyAdd(i, i, i);
            V df = dc * V.Load(previousCell + j) * V.NegatedMultiplyAdd(f, f, f);
            V dg = dc * i * V.NegatedMultiplyAdd(g, g, one);
            V dO = d * t * V.NegatedMultiplyAdd(o, o, o);
            Store(at, width, di, df, dg, dO);
        }
    }

    // In this order: what a register writes behind its gate's units, the next gate overwrites.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* at, int width, V i, V f, V g, V o)
    {
        V.Store(at, i);
        V.Store(at + width, f);
        V.Store(at + 2 * width, g);
        V.Store(at + 3 * width, o);
    }
}
