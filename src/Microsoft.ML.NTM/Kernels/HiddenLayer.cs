using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>The elementwise part of a feed-forward controller: h = tanh z, held to [-clip, clip].</summary>
internal static unsafe class HiddenLayer<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>z [H] becomes tanh z; h [H]. Whole registers are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* z, float* h, int units, float clip)
    {
        V low = V.Create(-clip), high = V.Create(clip);
        for (int j = 0; j < units; j += V.Count)
        {
            V t = VectorMath<V>.Tanh(V.LoadFirst(z + j, units - j));
            V.Store(z + j, t);
            V.Store(h + j, V.Min(high, V.Max(low, t)));
        }
    }

    /// <summary>tanh z in <paramref name="z"/> becomes the derivative by z, from dh: [H].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* z, float* dh, int units, float clip)
    {
        V limit = V.Create(clip);
        for (int j = 0; j < units; j += V.Count)
        {
            V t = V.Load(z + j);
            V clipped = V.GreaterThan(V.Max(t, V.Zero - t), limit);
            V.Store(z + j, V.Select(clipped, V.Zero, V.Load(dh + j) * V.NegatedMultiplyAdd(t, t, V.Create(1f))));
        }
    }
}
