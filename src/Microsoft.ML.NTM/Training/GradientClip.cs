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

    /// <summary>What this does to each element of a gradient whose norm is <paramref name="norm"/>.</summary>
    internal GradientBounds For(double norm) =>
        new(Norm is float largest && norm > largest ? (float)(largest / norm) : 1f, Value ?? float.PositiveInfinity);
}
