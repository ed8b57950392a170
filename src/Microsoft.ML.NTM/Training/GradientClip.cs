using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Bounds on a gradient before a step. Where both are set the norm is bounded first, which keeps the direction, and the elements after.
/// </summary>
/// <param name="Value">Largest magnitude of an element, or null. The papers' is 10 (arXiv:1410.5401, section 4.6).</param>
/// <param name="Norm">Largest Euclidean norm of the whole gradient, or null (Pascanu et al., arXiv:1211.5063; deepmind/dnc uses
/// 50).</param>
internal sealed record GradientClip(float? Value = 10f, float? Norm = null)
{
    /// <summary>A longer gradient has exploded: its direction means nothing, and its squares leave the range of a float.</summary>
    internal const double LargestNorm = 1e15;

    /// <summary>One sentence per fault; empty where the settings are sound.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Value is float value && !(float.IsFinite(value) && value > 0))
            yield return $"The gradient's element bound must be a positive number; it is {value}.";
        if (Norm is float norm && !(float.IsFinite(norm) && norm > 0))
            yield return $"The gradient's norm bound must be a positive number; it is {norm}.";
    }

    /// <summary>Bounds <paramref name="gradient"/>, whose norm is <paramref name="norm"/>, in place.</summary>
    internal void Apply(Span<float> gradient, double norm)
    {
        if (Norm is float largest && norm > largest)
            TensorPrimitives.Multiply(gradient, (float)(largest / norm), gradient);
        if (Value is float bound)
            Clamp(gradient, bound);
    }

    /// <summary>
    /// The gradient's Euclidean norm, before clipping; not finite exactly if an element is not (a double holds the square of any float).
    /// The order of the sum is fixed: eight lanes, then the lanes in order.
    /// </summary>
    internal static double NormOf(ReadOnlySpan<float> gradient)
    {
        Vector256<double> low = Vector256<double>.Zero, high = Vector256<double>.Zero;
        int i = 0;
        for (; i <= gradient.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> left, Vector256<double> right) = Vector256.Widen(Vector256.Create(gradient[i..]));
            low += left * left;
            high += right * right;
        }
        double sum = 0;
        for (int lane = 0; lane < Vector256<double>.Count; lane++)
            sum += low[lane];
        for (int lane = 0; lane < Vector256<double>.Count; lane++)
            sum += high[lane];
        for (; i < gradient.Length; i++)
            sum += (double)gradient[i] * gradient[i];
        return Math.Sqrt(sum);
    }

    private static void Clamp(Span<float> values, float bound)
    {
        var high = new Vector<float>(bound);
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Clamp(new Vector<float>(values[i..]), -high, high).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = Math.Clamp(values[i], -bound, bound);
    }
}
