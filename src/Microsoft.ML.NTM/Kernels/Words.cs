using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>Elementwise work on short vectors of any length.</summary>
internal static unsafe class Words
{
    /// <summary>values = sigma(values).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Sigmoid<V>(float* values, int length)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < length; i += V.Count)
            V.StoreFirst(values + i, Activation.Sigmoid(V.LoadFirst(values + i, length - i)), length - i);
    }

    /// <summary>values = tanh(values).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Tanh<V>(float* values, int length)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < length; i += V.Count)
            V.StoreFirst(values + i, Activation.Tanh(V.LoadFirst(values + i, length - i)), length - i);
    }

    /// <summary>values = ln(1 + e^values), and slopes = sigma(values).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Softplus<V>(float* values, float* slopes, int length)
        where V : struct, ISimd<V>
    {
        for (int i = 0; i < length; i += V.Count)
        {
            Activation.Softplus(V.LoadFirst(values + i, length - i), out V value, out V slope);
            V.StoreFirst(values + i, value, length - i);
            V.StoreFirst(slopes + i, slope, length - i);
        }
    }

    /// <summary>|values|.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Norm<V>(float* values, int length)
        where V : struct, ISimd<V>
    {
        V sum = V.Broadcast(0f);
        for (int i = 0; i < length; i += V.Count)
        {
            V value = V.LoadFirst(values + i, length - i);
            sum = V.Fma(value, value, sum);
        }
        return MathF.Sqrt(V.Sum(sum));
    }

    /// <summary>values = softmax(values).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Softmax(float* values, int length)
    {
        float largest = values[0], sum = 0;
        for (int i = 1; i < length; i++)
            largest = MathF.Max(largest, values[i]);
        for (int i = 0; i < length; i++)
            sum += values[i] = MathF.Exp(values[i] - largest);
        for (int i = 0; i < length; i++)
            values[i] /= sum;
    }

    /// <summary>by, the derivatives by a softmax's results, become those by its logits.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void SoftmaxBackward(float* softmax, float* by, int length)
    {
        float mean = 0;
        for (int i = 0; i < length; i++)
            mean += softmax[i] * by[i];
        for (int i = 0; i < length; i++)
            by[i] = softmax[i] * (by[i] - mean);
    }
}
