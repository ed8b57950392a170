using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// Elementary functions of a register, within a few units in the last place. The polynomials are minimax fits in the form that Moshier's
/// Cephes library uses for single precision.
/// </summary>
internal static class VectorMath<V>
    where V : unmanaged, ILanes<V>
{
    // e^x leaves single precision's normal numbers outside of these.
    private const float ExpLowest = -87.33654f, ExpHighest = 88.37626f;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has so few bits that its product with a whole exponent is exact.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>e^x; x is held to where the result is a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        x = V.Min(V.Create(ExpHighest), V.Max(V.Create(ExpLowest), x));
        V n = V.Round(x * V.Create(Log2E));
        V r = V.NegatedMultiplyAdd(n, V.Create(Ln2Low), V.NegatedMultiplyAdd(n, V.Create(Ln2High), x));
        V p = V.MultiplyAdd(V.Create(1.9875691500e-4f), r, V.Create(1.3981999507e-3f));
        p = V.MultiplyAdd(p, r, V.Create(8.3334519073e-3f));
        p = V.MultiplyAdd(p, r, V.Create(4.1665795894e-2f));
        p = V.MultiplyAdd(p, r, V.Create(1.6666665459e-1f));
        p = V.MultiplyAdd(p, r, V.Create(5.0000001201e-1f));
        return V.Scale(V.MultiplyAdd(p, r * r, r + V.Create(1f)), n);
    }

    /// <summary>ln x for normal x above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x)
    {
        V m = V.Split(x, out V exponent);
        // A mantissa in [sqrt(1/2), sqrt 2) keeps ln x relatively exact around 1.
        V large = V.GreaterThan(m, V.Create(1.41421356f));
        m = V.Select(large, m * V.Create(0.5f), m) - V.Create(1f);
        exponent += V.And(large, V.Create(1f));
        V p = V.MultiplyAdd(V.Create(7.0376836292e-2f), m, V.Create(-1.1514610310e-1f));
        p = V.MultiplyAdd(p, m, V.Create(1.1676998740e-1f));
        p = V.MultiplyAdd(p, m, V.Create(-1.2420140846e-1f));
        p = V.MultiplyAdd(p, m, V.Create(1.4249322787e-1f));
        p = V.MultiplyAdd(p, m, V.Create(-1.6668057665e-1f));
        p = V.MultiplyAdd(p, m, V.Create(2.0000714765e-1f));
        p = V.MultiplyAdd(p, m, V.Create(-2.4999993993e-1f));
        p = V.MultiplyAdd(p, m, V.Create(3.3333331174e-1f));
        V square = m * m;
        V y = V.MultiplyAdd(exponent, V.Create(Ln2Low), p * m * square);
        y = V.NegatedMultiplyAdd(V.Create(0.5f), square, y);
        return V.MultiplyAdd(exponent, V.Create(Ln2High), m + y);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x) => V.Reciprocal(V.Create(1f) + Exp(V.Zero - x));

    /// <summary>tanh x; relatively exact around 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        V sign = V.And(x, V.Create(-0f));
        V size = V.Max(V.Zero - x, x);
        V square = x * x;
        V p = V.MultiplyAdd(V.Create(-5.70498872745e-3f), square, V.Create(2.06390887954e-2f));
        p = V.MultiplyAdd(p, square, V.Create(-5.37397155531e-2f));
        p = V.MultiplyAdd(p, square, V.Create(1.33314422036e-1f));
        p = V.MultiplyAdd(p, square, V.Create(-3.33332819422e-1f));
        V near = V.MultiplyAdd(p * square, x, x);
        // 1 - 2 / (e^2|x| + 1); the result is 1 to the last bit long before e^2|x| overflows.
        V e = Exp(V.Min(V.Create(20f), size + size));
        V far = V.NegatedMultiplyAdd(V.Create(2f), V.Reciprocal(e + V.Create(1f)), V.Create(1f));
        return V.Select(V.GreaterThan(size, V.Create(0.625f)), V.Or(far, sign), near);
    }

    /// <summary>ln(1 + e^x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus(V x)
    {
        V u = Exp(V.Min(x, V.Zero - x));
        V one = V.Create(1f);
        V sum = one + u;
        // ln(1 + u) = ln(sum) u / (sum - 1): the rounding of the sum cancels. Where the sum rounds to 1 the answer is u.
        V rounded = sum - one;
        V log = Log(sum) * u / V.Max(rounded, V.Create(1e-30f));
        return V.Max(V.Zero, x) + V.Select(V.GreaterThan(rounded, V.Zero), log, u);
    }
}
