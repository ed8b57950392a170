using System.Runtime.Intrinsics;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Training;

/// <summary>A gradient's Euclidean norm, summed piece by piece: whoever works out a piece, the sums are the same.</summary>
internal sealed class GradientNorm
{
    // Numbers in a piece.
    private const int Piece = 1 << 16;

    private readonly float[] _gradient;
    private readonly double[] _sums;
    private readonly Action<int> _sum;

    /// <param name="gradient">The gradient: [P], read at each call.</param>
    public GradientNorm(float[] gradient)
    {
        _gradient = gradient;
        _sums = new double[(gradient.Length + Piece - 1) / Piece];
        _sum = piece => _sums[piece] = SumOfSquares(_gradient.AsSpan(piece * Piece, Math.Min(Piece, _gradient.Length - piece * Piece)));
    }

    /// <summary>The norm, before clipping; not finite exactly if an element is not (a double holds the square of any float).</summary>
    /// <param name="engine">Whose threads share the work.</param>
    public double Take(IEngine engine)
    {
        engine.Share(_sums.Length, _sum);
        double sum = 0;
        foreach (double part in _sums)
            sum += part;
        return Math.Sqrt(sum);
    }

    // The order is fixed: eight lanes, then the lanes in order.
    private static double SumOfSquares(ReadOnlySpan<float> gradient)
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
        return sum;
    }
}
