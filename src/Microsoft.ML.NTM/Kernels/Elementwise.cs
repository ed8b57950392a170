using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>Elementary functions and sums over rows of any length n; nothing behind the n-th number is touched.</summary>
internal static unsafe class Elementwise<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>y = e^x: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, VectorMath<V>.Exp(V.LoadFirst(x + i, n - i)), n - i);
    }

    /// <summary>y = ln x for x above 0: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Log(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, VectorMath<V>.Log(V.LoadFirst(x + i, n - i)), n - i);
    }

    /// <summary>y = 1 / (1 + e^-x): [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, VectorMath<V>.Sigmoid(V.LoadFirst(x + i, n - i)), n - i);
    }

    /// <summary>dx = dy y (1 - y), in place of dy: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SigmoidBackward(float* y, float* dy, int n)
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V value = V.LoadFirst(y + i, n - i);
            V.StoreFirst(dy + i, V.LoadFirst(dy + i, n - i) * V.NegatedMultiplyAdd(value, value, value), n - i);
        }
    }

    /// <summary>y = tanh x: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, VectorMath<V>.Tanh(V.LoadFirst(x + i, n - i)), n - i);
    }

    /// <summary>dx = dy (1 - y^2), in place of dy: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TanhBackward(float* y, float* dy, int n)
    {
        for (int i = 0; i < n; i += V.Count)
        {
            V value = V.LoadFirst(y + i, n - i);
            V.StoreFirst(dy + i, V.LoadFirst(dy + i, n - i) * V.NegatedMultiplyAdd(value, value, V.Create(1f)), n - i);
        }
    }

    /// <summary>y = ln(1 + e^x): [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softplus(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, VectorMath<V>.Softplus(V.LoadFirst(x + i, n - i)), n - i);
    }

    /// <summary>y += x: [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* y, int n)
    {
        for (int i = 0; i < n; i += V.Count)
            V.StoreFirst(y + i, V.LoadFirst(y + i, n - i) + V.LoadFirst(x + i, n - i), n - i);
    }

    /// <summary>sum_i x_i y_i: [n] and [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int n)
    {
        V sum = V.Zero;
        for (int i = 0; i < n; i += V.Count)
            sum = V.MultiplyAdd(V.LoadFirst(x + i, n - i), V.LoadFirst(y + i, n - i), sum);
        return V.Sum(sum);
    }
}
