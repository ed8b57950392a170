using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// The functions of the equations on vectors, a few units in the last place from exact. NaN stays NaN: limits come first in Min and Max,
/// which give their second argument.
/// </summary>
internal static unsafe class Activation
{
    private const float Log2OfE = 1.44269504f;

    // ln 2 in two parts, the first of so few bits that its product with an exponent is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // e^x is a normal number between these; below it is taken as e^-87, above as e^88.
    private const float ExpLowest = -87f;
    private const float ExpHighest = 88f;

    // tanh(x) is 1 in single precision from here on.
    private const float TanhHighest = 7.90531110763549805f;

    /// <summary>e^x, for x limited to [-87, 88].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ISimd<V>
    {
        x = V.Min(V.Broadcast(ExpHighest), V.Max(V.Broadcast(ExpLowest), x));
        V power = V.Round(x * V.Broadcast(Log2OfE));
        V rest = V.NegativeFma(power, V.Broadcast(Ln2High), x);
        rest = V.NegativeFma(power, V.Broadcast(Ln2Low), rest);
        V series = V.Broadcast(1.9875691500e-4f);
        series = V.Fma(series, rest, V.Broadcast(1.3981999507e-3f));
        series = V.Fma(series, rest, V.Broadcast(8.3334519073e-3f));
        series = V.Fma(series, rest, V.Broadcast(4.1665795894e-2f));
        series = V.Fma(series, rest, V.Broadcast(1.6666665459e-1f));
        series = V.Fma(series, rest, V.Broadcast(5.0000001201e-1f));
        V result = V.Fma(series, rest * rest, rest) + V.Broadcast(1f);
        return V.Scale(result, power);
    }

    /// <summary>e^x for x up to 88, 0 below -87: for sums of powers, where numbers that small only cost time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Power<V>(V x)
        where V : struct, ISimd<V> => V.IfLess(x, V.Broadcast(ExpLowest), V.Broadcast(0f), Exp(x));

    /// <summary>ln x of positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f), power = V.Exponent(x), mantissa = V.Mantissa(x), limit = V.Broadcast(1.41421356f);
        power = V.IfLess(limit, mantissa, power + one, power);
        V f = V.IfLess(limit, mantissa, mantissa * V.Broadcast(0.5f), mantissa) - one;      // in [-0.293, 0.414]
        V series = V.Broadcast(7.0376836292e-2f);
        series = V.Fma(series, f, V.Broadcast(-1.1514610310e-1f));
        series = V.Fma(series, f, V.Broadcast(1.1676998740e-1f));
        series = V.Fma(series, f, V.Broadcast(-1.2420140846e-1f));
        series = V.Fma(series, f, V.Broadcast(1.4249322787e-1f));
        series = V.Fma(series, f, V.Broadcast(-1.6668057665e-1f));
        series = V.Fma(series, f, V.Broadcast(2.0000714765e-1f));
        series = V.Fma(series, f, V.Broadcast(-2.4999993993e-1f));
        series = V.Fma(series, f, V.Broadcast(3.3333331174e-1f));
        V square = f * f;
        V result = series * f * square;
        result = V.Fma(power, V.Broadcast(Ln2Low), result);
        result = V.NegativeFma(square, V.Broadcast(0.5f), result);
        return V.Fma(power, V.Broadcast(Ln2High), f + result) + (x - x);                   // NaN stays NaN
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ISimd<V>
    {
        V one = V.Broadcast(1f);
        return V.Reciprocal(one + Exp(V.Broadcast(0f) - x));
    }

    /// <summary>tanh x as an odd polynomial over an even one, exact at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ISimd<V>
    {
        x = V.Min(V.Broadcast(TanhHighest), V.Max(V.Broadcast(-TanhHighest), x));
        V square = x * x;
        V top = V.Broadcast(-2.76076847742355e-16f);
        top = V.Fma(top, square, V.Broadcast(2.00018790482477e-13f));
        top = V.Fma(top, square, V.Broadcast(-8.60467152213735e-11f));
        top = V.Fma(top, square, V.Broadcast(5.12229709037114e-08f));
        top = V.Fma(top, square, V.Broadcast(1.48572235717979e-05f));
        top = V.Fma(top, square, V.Broadcast(6.37261928875436e-04f));
        top = V.Fma(top, square, V.Broadcast(4.89352455891786e-03f));
        V bottom = V.Broadcast(1.19825839466702e-06f);
        bottom = V.Fma(bottom, square, V.Broadcast(1.18534705686654e-04f));
        bottom = V.Fma(bottom, square, V.Broadcast(2.26843463243900e-03f));
        bottom = V.Fma(bottom, square, V.Broadcast(4.89352518554385e-03f));
        return x * top * V.Reciprocal(bottom);
    }

    /// <summary>ln(1 + e^x) and its slope 1 / (1 + e^-x), both to a few units in the last place however small they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Softplus<V>(V x, out V value, out V slope)
        where V : struct, ISimd<V>
    {
        V zero = V.Broadcast(0f), one = V.Broadcast(1f);
        V power = Exp(V.Min(zero - x, x)), sum = one + power, inverse = V.Reciprocal(sum);     // e^-|x|, in (0, 1]
        // What 1 + e^-|x| lost to rounding is given back to its logarithm.
        value = V.Max(zero, x) + V.Fma(power - (sum - one), inverse, Log(sum));
        slope = V.IfLess(x, zero, power * inverse, inverse);
    }
}
