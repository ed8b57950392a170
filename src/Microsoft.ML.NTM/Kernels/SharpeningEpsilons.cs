namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// What keeps sharpening from dividing by zero: added to every weight before its power is taken, and to the sum of the powers.
/// </summary>
/// <param name="Before">Above 0, so that the power has a gradient at 0.</param>
/// <param name="After">0, or what makes weightings of next to nothing sum to less than 1.</param>
internal readonly record struct SharpeningEpsilons(float Before, float After)
{
    // So little that no weight in use changes by it, and still a normal number.
    private const float Tiny = 1e-30f;

    /// <summary>Added to every weight.</summary>
    public static SharpeningEpsilons BeforePower(float epsilon) => new(epsilon, 0f);

    /// <summary>Added to the sum.</summary>
    public static SharpeningEpsilons AfterPower(float epsilon) => new(Tiny, epsilon);
}
