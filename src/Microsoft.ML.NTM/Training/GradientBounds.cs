using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>What clipping does to each element of one gradient: scaled, and then limited.</summary>
/// <param name="Scale">The factor: 1 where the norm is within its bound.</param>
/// <param name="Limit">The largest magnitude: infinite where there is none.</param>
internal readonly record struct GradientBounds(float Scale, float Limit)
{
    /// <summary>Leaves gradients alone.</summary>
    public static GradientBounds None => new(1f, float.PositiveInfinity);

    /// <summary>Neighbouring elements, bounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> gradient) =>
        Vector.Clamp(gradient * Scale, new Vector<float>(-Limit), new Vector<float>(Limit));
}
