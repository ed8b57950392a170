using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What an LSTM layer does between its matrix products, for one row.
/// </summary>
internal static unsafe class LstmGates
{
    /// <summary>
    /// c = f c + i g, h = clip(o tanh c): gates hold the raw values, and then what they became where that is kept.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Forward<V>(in LstmRow row)
        where V : struct, ISimd<V>
    {
        float* inputs = row.Gates, forgets = inputs + row.GateStride, news = forgets + row.GateStride, outputs = news + row.GateStride;
        float* previous = row.Before, cell = row.Cell, squashed = row.Squashed, hidden = row.Hidden;
        V high = V.Broadcast(row.Clip), low = V.Broadcast(-row.Clip);
        int units = row.Units;
        for (int u = 0; u < units; u += V.Count)
        {
            int count = Math.Min(V.Count, units - u);
            V input = Activation.Sigmoid(V.LoadFirst(inputs + u, count));
            V forget = Activation.Sigmoid(V.LoadFirst(forgets + u, count));
            V fresh = Activation.Tanh(V.LoadFirst(news + u, count));
            V output = Activation.Sigmoid(V.LoadFirst(outputs + u, count));
            V next = V.Fma(forget, V.LoadFirst(previous + u, count), input * fresh);
            V tanh = Activation.Tanh(next);
            V.StoreFirst(cell + u, next, count);
            V.StoreFirst(hidden + u, V.Max(low, V.Min(high, output * tanh)), count);
            if (squashed is null)
                continue;
            V.StoreFirst(inputs + u, input, count);
            V.StoreFirst(forgets + u, forget, count);
            V.StoreFirst(news + u, fresh, count);
            V.StoreFirst(outputs + u, output, count);
            V.StoreFirst(squashed + u, tanh, count);
        }
    }

    /// <summary>
    /// Gates become the derivatives by their raw values; byCell is the derivative by c and becomes that by the c before.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Backward<V>(in LstmRow row, float* byHidden, float* byCell)
        where V : struct, ISimd<V>
    {
        float* inputs = row.Gates, forgets = inputs + row.GateStride, news = forgets + row.GateStride, outputs = news + row.GateStride;
        float* previous = row.Before, squashed = row.Squashed;
        V one = V.Broadcast(1f), zero = V.Broadcast(0f), limit = V.Broadcast(row.Clip);
        int units = row.Units;
        for (int u = 0; u < units; u += V.Count)
        {
            int count = Math.Min(V.Count, units - u);
            V input = V.LoadFirst(inputs + u, count), forget = V.LoadFirst(forgets + u, count);
            V fresh = V.LoadFirst(news + u, count), output = V.LoadFirst(outputs + u, count), tanh = V.LoadFirst(squashed + u, count);
            V product = output * tanh, size = V.Max(product, zero - product);
            V by = V.IfLess(limit, size, zero, V.LoadFirst(byHidden + u, count));
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
