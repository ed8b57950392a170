using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>The derivatives of <see cref="Weighting"/>'s equations. "By" is the loss's derivative by what follows.</summary>
internal static unsafe class WeightingGradient
{
    /// <summary>Through <see cref="Weighting.Sharpen{V}"/>: byShifted, and returns the derivative by gamma.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Sharpen<V>(float* shifted, float* weighting, float* byWeighting, float gamma, SharpeningEpsilons epsilons, int n,
        float* byShifted)
        where V : struct, ISimd<V>
    {
        V dot = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
            dot = V.Fma(V.Load(weighting + i), V.Load(byWeighting + i), dot);
        V mean = V.Broadcast(V.Sum(dot)), exponent = V.Broadcast(gamma), byGamma = V.Broadcast(0f);
        V epsilon = V.Broadcast(epsilons.Before);
        // The scale cancels where the weighting sums to 1.
        V scale = V.Broadcast(epsilons.After == 0f ? 1f / (Weighting.Largest<V>(shifted, n) + epsilons.Before) : 1f);
        for (int i = 0; i < n; i += V.Count)
        {
            V positive = V.Load(shifted + i) + epsilon;
            V byLog = V.Load(weighting + i) * (V.Load(byWeighting + i) - mean);
            byGamma = V.Fma(byLog, Activation.Log(positive * scale), byGamma);
            V.Store(byShifted + i, exponent * byLog * V.Reciprocal(positive));
        }
        return V.Sum(byGamma);
    }

    /// <summary>
    /// Through <see cref="Weighting.Shift{V}"/>, with gated and byShifted as closed circles: byGated [n] and byShift [2S + 1].
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static void Shift<V>(float* circle, float* byShiftedCircle, ShiftDistribution shift, float* mask, int n, float* byGated,
        float* byShift)
        where V : struct, ISimd<V>
    {
        float* weights = shift.Weights;
        int range = shift.Range;
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Broadcast(0f);
            for (int j = 0; j <= 2 * range; j++)
                sum = V.Fma(V.Broadcast(weights[j]), V.Load(byShiftedCircle + i + j), sum);
            V.Store(byGated + i, sum * V.Load(mask + i));
        }
        for (int j = 0; j <= 2 * range; j++)
        {
            V sum = V.Broadcast(0f);
            for (int i = 0; i < n; i += V.Count)
                sum = V.Fma(V.Load(byShiftedCircle + range + i) * V.Load(mask + i), V.Load(circle + i + 2 * range - j), sum);
            byShift[j] = V.Sum(sum);
        }
    }

    /// <summary>Through <see cref="Weighting.Interpolate{V}"/>: byContent, byPrevious, and returns the derivative by the gate.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Interpolate<V>(float* byGated, float* content, float* previous, float gate, int n, float* byContent,
        float* byPrevious)
        where V : struct, ISimd<V>
    {
        V byGate = V.Broadcast(0f), keep = V.Broadcast(gate), rest = V.Broadcast(1f - gate);
        for (int i = 0; i < n; i += V.Count)
        {
            V by = V.Load(byGated + i);
            byGate = V.Fma(by, V.Load(content + i) - V.Load(previous + i), byGate);
            V.Store(byContent + i, by * keep);
            V.Store(byPrevious + i, by * rest);
        }
        return V.Sum(byGate);
    }

    /// <summary>Through <see cref="Weighting.Content{V}"/>: byCosines, and returns the derivative by the strength.</summary>
    [MethodImpl(Jit.Optimized)]
    public static float Content<V>(float* byContent, float* content, float* cosines, float strength, int n, float* byCosines)
        where V : struct, ISimd<V>
    {
        V dot = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
            dot = V.Fma(V.Load(content + i), V.Load(byContent + i), dot);
        V mean = V.Broadcast(V.Sum(dot)), scale = V.Broadcast(strength), byStrength = V.Broadcast(0f);
        for (int i = 0; i < n; i += V.Count)
        {
            V byLogit = V.Load(content + i) * (V.Load(byContent + i) - mean);
            byStrength = V.Fma(byLogit, V.Load(cosines + i), byStrength);
            V.Store(byCosines + i, byLogit * scale);
        }
        return V.Sum(byStrength);
    }

    /// <summary>
    /// Through <see cref="Weighting.Cosines{V}"/>: byDots; what every slot's numbers are to be multiplied by for their part through the
    /// norms is added to byNorms (0 for a zero slot); returns the derivative by the key's norm.
    /// </summary>
    [MethodImpl(Jit.Optimized)]
    public static float Cosines<V>(float* byCosines, float* cosines, float* norms, float keyNorm, int n, float* byDots, float* byNorms)
        where V : struct, ISimd<V>
    {
        V key = V.Broadcast(keyNorm), epsilon = V.Broadcast(Weighting.CosineEpsilon), zero = V.Broadcast(0f), byKey = zero;
        for (int i = 0; i < n; i += V.Count)
        {
            V norm = V.Load(norms + i);
            V byDot = V.Load(byCosines + i) / V.Fma(key, norm, epsilon);
            V byScale = zero - byDot * V.Load(cosines + i);
            byKey = V.Fma(byScale, norm, byKey);
            V.Store(byDots + i, byDot);
            V.Store(byNorms + i, V.IfLess(zero, norm, V.Fma(byScale, key / norm, V.Load(byNorms + i)), V.Load(byNorms + i)));
        }
        return V.Sum(byKey);
    }
}
