using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// How a head's weighting over N slots comes about (arXiv:1410.5401, Eq. 5, 7, 8, 9) and how its derivative goes back. Rows over slots
/// are padded to whole paddings; the padding of inputs and results is 0.
/// </summary>
internal static unsafe class Weightings<V>
    where V : unmanaged, ILanes<V>
{
    /// <summary>Added to a weighting before it is sharpened, so that its power has a gradient at 0.</summary>
    public const float SharpenEpsilon = 1e-6f;

    /// <summary>y = softmax(beta x), with the largest subtracted: [N].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* x, float beta, int slots, float* y)
    {
        int n = LaneMasks.Padded(slots);
        V strength = V.Create(beta), lowest = V.Create(float.NegativeInfinity), largest = lowest;
        for (int i = 0; i < n; i += V.Count)
            largest = V.Max(largest, V.Select(LaneMasks.First<V>(slots - i), V.Load(x + i) * strength, lowest));
        largest = V.Create(V.Largest(largest));
        V sum = V.Zero;
        for (int i = 0; i < n; i += V.Count)
        {
            V power = V.And(LaneMasks.First<V>(slots - i), VectorMath<V>.Exp(V.Load(x + i) * strength - largest));
            sum += power;
            V.Store(y + i, power);
        }
        Multiply(y, 1f / V.Sum(sum), n);
    }

    /// <summary>
    /// Backward of <see cref="Softmax"/>: dy [N] becomes the derivative by x; the result is the derivative by beta, sum_i dz_i x_i with
    /// dz = y (dy - sum y dy).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SoftmaxBackward(float* x, float beta, float* y, float* dy, int slots)
    {
        int n = LaneMasks.Padded(slots);
        V product = V.Zero, byStrength = V.Zero, strength = V.Create(beta);
        for (int i = 0; i < n; i += V.Count)
            product = V.MultiplyAdd(V.Load(y + i), V.Load(dy + i), product);
        product = V.Create(V.Sum(product));
        for (int i = 0; i < n; i += V.Count)
        {
            V dz = V.Load(y + i) * (V.Load(dy + i) - product);
            byStrength = V.MultiplyAdd(dz, V.Load(x + i), byStrength);
            V.Store(dy + i, dz * strength);
        }
        return V.Sum(byStrength);
    }

    /// <summary>w_g = g w_c + (1 - g) w': [N] each; whole registers of <paramref name="gated"/> are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interpolate(float* content, float* previous, float gate, int slots, float* gated)
    {
        V g = V.Create(gate), rest = V.Create(1f - gate);
        for (int i = 0; i < slots; i += V.Count)
            V.Store(gated + i, V.MultiplyAdd(g, V.Load(content + i), rest * V.Load(previous + i)));
    }

    /// <summary>
    /// Backward of <see cref="Interpolate"/>: dw_g [N] becomes dw_c, dw' [N] is overwritten; the result is the derivative by g.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float InterpolateBackward(float* content, float* previous, float gate, float* dGated, float* dPrevious, int slots)
    {
        int n = LaneMasks.Padded(slots);
        V g = V.Create(gate), rest = V.Create(1f - gate), byGate = V.Zero;
        for (int i = 0; i < n; i += V.Count)
        {
            V d = V.Load(dGated + i);
            byGate = V.MultiplyAdd(d, V.Load(content + i) - V.Load(previous + i), byGate);
            V.Store(dGated + i, d * g);
            V.Store(dPrevious + i, d * rest);
        }
        return V.Sum(byGate);
    }

    /// <summary>Copies the ends of a circle of slots before and behind it: [range + N + range] with the N slots in the middle.</summary>
    public static void CloseCircle(float* circle, int range, int slots)
    {
        for (int i = 0; i < range; i++)
        {
            circle[i] = circle[slots + i];
            circle[range + slots + i] = circle[range + i];
        }
    }

    /// <summary>
    /// w_s(i) = sum_j w_g((i - j) mod N) s(j), with shifts j = -S..S [2S + 1] and w_g as a closed circle [S + N + S]: [N].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shift(float* circle, float* shift, int range, int slots, float* shifted)
    {
        int n = LaneMasks.Padded(slots);
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Zero;
            for (int j = 0; j <= 2 * range; j++)
                sum = V.MultiplyAdd(V.Create(shift[j]), V.Load(circle + i + 2 * range - j), sum);
            V.Store(shifted + i, V.And(LaneMasks.First<V>(slots - i), sum));
        }
    }

    /// <summary>
    /// Backward of <see cref="Shift"/>, with dw_s as a closed circle [S + N + S] whose middle is followed by zeros once the circle's end is
    /// passed: dw_g(i) = sum_j dw_s((i + j) mod N) s(j) [N] and ds(j) = sum_i dw_s(i) w_g((i - j) mod N) [2S + 1].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ShiftBackward(float* circle, float* shift, float* dCircle, int range, int slots, float* dGated, float* dShift)
    {
        int n = LaneMasks.Padded(slots);
        for (int i = 0; i < n; i += V.Count)
        {
            V sum = V.Zero;
            for (int j = 0; j <= 2 * range; j++)
                sum = V.MultiplyAdd(V.Create(shift[j]), V.Load(dCircle + i + j), sum);
            V.Store(dGated + i, V.And(LaneMasks.First<V>(slots - i), sum));
        }
        for (int j = 0; j <= 2 * range; j++)
        {
            V sum = V.Zero;
            for (int i = 0; i < slots; i += V.Count)
            {
                V d = V.And(LaneMasks.First<V>(slots - i), V.Load(dCircle + range + i));
                sum = V.MultiplyAdd(d, V.And(LaneMasks.First<V>(slots - i), V.Load(circle + 2 * range - j + i)), sum);
            }
            dShift[j] = V.Sum(sum);
        }
    }

    /// <summary>
    /// w = w_s^gamma / sum w_s^gamma as e^(gamma l) / sum e^(gamma l), with l = ln((w_s + eps) / max(w_s + eps)) at most 0: the largest power
    /// is 1, so the sum is never 0. Gives l and w: [N] each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sharpen(float* shifted, float gamma, int slots, float* logarithms, float* weighting)
    {
        int n = LaneMasks.Padded(slots);
        V exponent = V.Create(gamma), epsilon = V.Create(SharpenEpsilon), largest = V.Zero, sum = V.Zero;
        for (int i = 0; i < n; i += V.Count)
            largest = V.Max(largest, V.Load(shifted + i));
        V scale = V.Create(1f / (V.Largest(largest) + SharpenEpsilon));
        for (int i = 0; i < n; i += V.Count)
        {
            V mask = LaneMasks.First<V>(slots - i);
            V log = V.And(mask, V.Min(V.Zero, VectorMath<V>.Log((V.Load(shifted + i) + epsilon) * scale)));
            V power = V.And(mask, VectorMath<V>.Exp(log * exponent));
            sum += power;
            V.Store(logarithms + i, log);
            V.Store(weighting + i, power);
        }
        Multiply(weighting, 1f / V.Sum(sum), n);
    }

    /// <summary>
    /// Backward of <see cref="Sharpen"/>: dw [N] gives dw_s = gamma q / (w_s + eps) with q = w (dw - sum w dw), [N], and, as the result, the
    /// derivative by gamma, sum q l. The scale by the largest cancels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SharpenBackward(
        float* shifted, float gamma, float* logarithms, float* weighting, float* dWeighting, int slots, float* dShifted)
    {
        int n = LaneMasks.Padded(slots);
        V product = V.Zero, byGamma = V.Zero, exponent = V.Create(gamma), epsilon = V.Create(SharpenEpsilon);
        for (int i = 0; i < n; i += V.Count)
            product = V.MultiplyAdd(V.Load(weighting + i), V.Load(dWeighting + i), product);
        product = V.Create(V.Sum(product));
        for (int i = 0; i < n; i += V.Count)
        {
            V q = V.Load(weighting + i) * (V.Load(dWeighting + i) - product);
            byGamma = V.MultiplyAdd(q, V.Load(logarithms + i), byGamma);
            V.Store(dShifted + i, q * exponent * V.Reciprocal(V.Load(shifted + i) + epsilon));
        }
        return V.Sum(byGamma);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(float* y, float factor, int n)
    {
        V scale = V.Create(factor);
        for (int i = 0; i < n; i += V.Count)
            V.Store(y + i, V.Load(y + i) * scale);
    }
}
