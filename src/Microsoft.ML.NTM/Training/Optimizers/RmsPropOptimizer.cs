using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Graves' RMSProp (arXiv:1308.0850, equations 38-45): the gradient divided by its running standard deviation, with momentum.
/// <code>
/// n = decay n + (1 - decay) g^2        mean square
/// m = decay m + (1 - decay) g          mean
/// d = momentum d - rate g / sqrt(n - m^2 + epsilon)
/// p = p + d
/// </code>
/// The paper's constants are the defaults: decay 0.95, momentum 0.9, epsilon 1e-4, rate 1e-4.
/// </summary>
internal sealed class RmsPropOptimizer(ParameterLayout layout, OptimizerSettings settings)
    : Optimizer(layout, "mean_square", "mean", "change")
{
    private readonly float _decay = settings.Decay;
    private readonly float _momentum = settings.Momentum;
    private readonly float _epsilon = settings.Epsilon ?? 1e-4f;

    /// <inheritdoc/>
    protected override void Apply(Span<float> parameters, ReadOnlySpan<float> gradient, float learningRate) =>
        UpdateRule.Apply(new Rule(_decay, _momentum, _epsilon, learningRate), parameters, gradient, State[0], State[1], State[2]);

    private readonly struct Rule(float decay, float momentum, float epsilon, float rate) : IUpdateRule
    {
        public static int States => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Update(
            Vector<float> parameter, Vector<float> gradient, ref Vector<float> meanSquare, ref Vector<float> mean, ref Vector<float> change)
        {
            meanSquare = UpdateRule.FlushSquare(meanSquare * decay + gradient * gradient * (1 - decay));
            mean = UpdateRule.Flush(mean * decay + gradient * (1 - decay));
            // A variance is not negative, but its rounding may be.
            Vector<float> variance = Vector.Max(meanSquare - mean * mean, Vector<float>.Zero);
            change = UpdateRule.Flush(change * momentum - gradient * rate / Vector.SquareRoot(variance + new Vector<float>(epsilon)));
            return parameter + change;
        }
    }
}
