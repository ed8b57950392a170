using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// The NTM's addressing, for one head of one row (arXiv:1410.5401, section 3.3). Weightings are [n]: N slots rounded up to a multiple of
/// 16, 0 beyond N. Mask is 1 in the first N places and 0 beyond.
/// </summary>
internal static unsafe class Weighting
{
    /// <summary>Added to |u||v| in the cosine, so that a zero key or slot is similar to nothing instead of NaN.</summary>
    public const float CosineEpsilon = 1e-6f;

    // What a place that is no slot is as similar as.
    private const float NoSlot = -1e30f;

    /// <summary>cosines = dots / (|k| norms + eps), with the slots' norms and the key's.</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Cosines<V>(float* dots, float* norms, float keyNorm, int n, float* cosines)
        where V : struct, ISimd<V>
    {
        V key = V.Broadcast(keyNorm), epsilon = V.Broadcast(CosineEpsilon);
        for (int i = 0; i < n; i += V.Count)
            V.Store(cosines + i, V.Load(dots + i) / V.Fma(key, V.Load(norms + i), epsilon));
    }

    /// <summary>content = softmax(strength * cosines) (Eq. 5).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Content<V>(float* cosines, float strength, float* mask, int n, float* content)
        where V : struct, ISimd<V>
    {
        V scale = V.Broadcast(strength), none = V.Broadcast(NoSlot), one = V.Broadcast(1f), largest = none;
        for (int i = 0; i < n; i += V.Count)
        {
            V logit = V.Fma(scale, V.Load(cosines + i), (one - V.Load(mask + i)) * none);
            largest = V.Max(largest, logit);
            V.Store(content + i, logit);
        }
        V sum = V.Broadcast(0f), highest = V.Broadcast(V.Largest(largest));
        for (int i = 0; i < n; i += V.Count)
        {
            V power = Activation.Power(V.Load(content + i) - highest);
            sum += power;
            V.Store(content + i, power);
        }
        Multiply<V>(content, 1f / V.Sum(sum), n);
    }

    /// <summary>gated = g content + (1 - g) previous (Eq. 7).</summary>
    [MethodImpl(Jit.Optimized)]
    public static void Interpolate<V>(float* content, float* previous, float gate, int n, float* gated)
        where V : struct, ISimd<V>
    {
        V keep = V.Broadcast(gate);
        for (int i = 0; i < n; i += V.Count)
        {
            V before = V.Load(previous + i);
            V.Store(gated + i, V.Fma(keep, V.Load(content + i) - before, before));
        }
    }

    /// <summary>
    /// Continues a weighting of <paramref name="slots"/> places circularly by <paramref name="range"/> to both sides:
    /// <paramref name="circle"/> [N + 2S] holds it from place S on.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void CloseCircle(float* circle, int slots, int range)
    {
        for (int s = 0; s < range; s++)
        {
            circle[s] = circle[s + slots];
            circle[range + slots + s] = circle[range + s];
        }
    }

    /// <summary>
    /// shifted(i) = sum over j of gated(i - j) s(j), j from -S to S; gated as a closed circle, shift's weight j + S is s(j) (Eq. 8).
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Shift<V>(float* circle, ShiftDistribution shift, float* mask, int n, float* shifted)
        where V : struct, ISimd<V>
    {
        float* weights = shift.Weights;
        int range = shift.Range;
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Broadcast(0f);
            for (int j = 0; j <= 2 * range; j++)
                sum = V.Fma(V.Broadcast(weights[j]), V.Load(circle + i + 2 * range - j), sum);
            V.Store(shifted + i, sum * V.Load(mask + i));
        }
    }

    /// <summary>
    /// weighting = u^gamma / (sum u^gamma + after), u = shifted + before (Eq. 9); computed on u / max u, whose largest power is 1.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Sharpen<V>(float* shifted, float gamma, SharpeningEpsilons epsilons, float* mask, int n, float* weighting)
        where V : struct, ISimd<V>
    {
        V epsilon = V.Broadcast(epsilons.Before), exponent = V.Broadcast(gamma), sum = V.Broadcast(0f);
        float largest = Largest<V>(shifted, n) + epsilons.Before;
        V scale = V.Broadcast(1f / largest);
        for (int i = 0; i < n; i += V.Count)
        {
            V relative = (V.Load(shifted + i) + epsilon) * scale;
            V power = Activation.Power(exponent * Activation.Log(relative)) * V.Load(mask + i);
            sum += power;
            V.Store(weighting + i, power);
        }
        // After nothing but zeros the second part is infinite, and the weighting 0.
        float rest = epsilons.After == 0f ? 0f : epsilons.After / MathF.Pow(largest, gamma);
        Multiply<V>(weighting, 1f / (V.Sum(sum) + rest), n);
    }

    /// <summary>The largest of n numbers that are not negative.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Largest<V>(float* values, int n)
        where V : struct, ISimd<V>
    {
        V largest = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
            largest = V.Max(largest, V.Load(values + i));
        return V.Largest(largest);
    }

    [MethodImpl(Jit.Optimized)]
    private static void Multiply<V>(float* values, float factor, int n)
        where V : struct, ISimd<V>
    {
        V scale = V.Broadcast(factor);
        for (int i = 0; i < n; i += V.Count)
            V.Store(values + i, V.Load(values + i) * scale);
    }
}
