using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What an LSTM layer does between its matrix products, for one row; gates i, f, g, o of H numbers each stand one after another.
/// </summary>
internal static unsafe class LstmGates
{
    /// <summary>
    /// c = f c + i g, h = clip(o tanh c): gates hold the raw values and then what they became; previous and cell are c before and after.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Forward<V>(float* gates, float* previous, int size, float clip, float* cell, float* squashed, float* hidden)
        where V : struct, ISimd<V>
    {
        float* inputs = gates, forgets = gates + size, news = gates + 2 * size, outputs = gates + 3 * size;
        V high = V.Broadcast(clip), low = V.Broadcast(-clip);
        for (int u = 0; u < size; u += V.Count)
        {
            int count = Math.Min(V.Count, size - u);
            V input = Activation.Sigmoid(V.LoadFirst(inputs + u, count));
            V forget = Activation.Sigmoid(V.LoadFirst(forgets + u, count));
            V fresh = Activation.Tanh(V.LoadFirst(news + u, count));
            V output = Activation.Sigmoid(V.LoadFirst(outputs + u, count));
            V next = V.Fma(forget, V.LoadFirst(previous + u, count), input * fresh);
            V tanh = Activation.Tanh(next);
            V.StoreFirst(inputs + u, input, count);
            V.StoreFirst(forgets + u, forget, count);
            V.StoreFirst(news + u, fresh, count);
            V.StoreFirst(outputs + u, output, count);
            V.StoreFirst(cell + u, next, count);
            V.StoreFirst(squashed + u, tanh, count);
            V.StoreFirst(hidden + u, V.Max(low, V.Min(high, output * tanh)), count);
        }
    }

    /// <summary>
    /// Gates become the derivatives by their raw values; byCell is the derivative by c and becomes that by the previous c.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Backward<V>(float* gates, float* previous, float* squashed, float* byHidden, int size, float clip, float* byCell)
        where V : struct, ISimd<V>
    {
        float* inputs = gates, forgets = gates + size, news = gates + 2 * size, outputs = gates + 3 * size;
        V one = V.Broadcast(1f), zero = V.Broadcast(0f), limit = V.Broadcast(clip);
        for (int u = 0; u < size; u += V.Count)
        {
            int count = Math.Min(V.Count, size - u);
            V input = V.LoadFirst(inputs + u, count), forget = V.LoadFirst(forgets + u, count);
            V fresh = V.LoadFirst(news + u, count), output = V.LoadFirst(outputs + u, count), tanh = V.LoadFirst(squashed + u, count);
            V product = output * tanh, size0 = V.Max(product, zero - product);
            V by = V.IfLess(limit, size0, zero, V.LoadFirst(byHidden + u, count));
            V byNext = V.Fma(by * output, V.NegativeFma(tanh, tanh, one), V.LoadFirst(byCell + u, count));
            V.StoreFirst(inputs + u, byNext * fresh * input * (one - input), count);
            V.StoreFirst(forgets + u, byNext * V.LoadFirst(previous + u, count) * forget * (one - forget), count);
            V.StoreFirst(news + u, byNext * input * V.NegativeFma(fresh, fresh, one), count);
            V.StoreFirst(outputs + u, by * product * (one - output), count);
            V.StoreFirst(byCell + u, byNext * forget, count);
        }
    }

    /// <summary>A feed-forward layer: values become their tanh; h = clip(tanh).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Tanh<V>(float* values, int size, float clip, float* hidden)
        where V : struct, ISimd<V>
    {
        V high = V.Broadcast(clip), low = V.Broadcast(-clip);
        for (int u = 0; u < size; u += V.Count)
        {
            int count = Math.Min(V.Count, size - u);
            V tanh = Activation.Tanh(V.LoadFirst(values + u, count));
            V.StoreFirst(values + u, tanh, count);
            V.StoreFirst(hidden + u, V.Max(low, V.Min(high, tanh)), count);
        }
    }

    /// <summary>Through <see cref="Tanh{V}"/>: values become the derivatives by the raw ones.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void TanhBackward<V>(float* values, float* byHidden, int size, float clip)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f), zero = V.Broadcast(0f), limit = V.Broadcast(clip);
        for (int u = 0; u < size; u += V.Count)
        {
            int count = Math.Min(V.Count, size - u);
            V tanh = V.LoadFirst(values + u, count);
            V by = V.IfLess(limit, V.Max(tanh, zero - tanh), zero, V.LoadFirst(byHidden + u, count));
            V.StoreFirst(values + u, by * V.NegativeFma(tanh, tanh, one), count);
        }
    }
}
