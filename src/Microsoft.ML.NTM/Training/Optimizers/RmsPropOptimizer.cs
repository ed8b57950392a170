using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// RMSProp with momentum. Graves' centred form (arXiv:1308.0850, equations 38-45) divides by the gradient's running standard deviation, the
/// libraries' usual form by its running root mean square:
/// <code>
/// n = decay n + (1 - decay) g^2        mean square
/// m = decay m + (1 - decay) g          mean (centred only)
/// d = momentum d - rate g / sqrt(n - m^2 + epsilon)        centred
/// d = momentum d - rate g / (sqrt(n) + epsilon)            usual
/// p = p + d
/// </code>
/// The paper's constants are the defaults: centred, decay 0.95, momentum 0.9, epsilon 1e-4, rate 1e-4.
/// </summary>
internal sealed class RmsPropOptimizer(ParameterLayout layout, OptimizerSettings settings)
    : Optimizer(layout, settings, "mean_square", "mean", "change")
{
    private readonly bool _centered = settings.Centered;
    private readonly float _decay = settings.Decay, _momentum = settings.Momentum;
    private readonly float _epsilon = settings.Epsilon ?? (settings.Centered ? 1e-4f : 0.01f);
    private float _rate;

    /// <inheritdoc/>
    protected override void Prepare(float learningRate) => _rate = learningRate;

    /// <inheritdoc/>
    protected override void Apply(in UpdatePiece piece)
    {
        if (_centered)
            UpdateRule.Apply(new CenteredRule(_decay, _momentum, _epsilon, _rate), piece);
        else
            UpdateRule.Apply(new UsualRule(_decay, _momentum, _epsilon, _rate), piece);
    }

    private readonly struct CenteredRule(float decay, float momentum, float epsilon, float rate) : IUpdateRule
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

    private readonly struct UsualRule(float decay, float momentum, float epsilon, float rate) : IUpdateRule
    {
        public static int States => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Update(
            Vector<float> parameter, Vector<float> gradient, ref Vector<float> meanSquare, ref Vector<float> mean, ref Vector<float> change)
        {
            meanSquare = UpdateRule.FlushSquare(meanSquare * decay + gradient * gradient * (1 - decay));
            change = UpdateRule.Flush(change * momentum - gradient * rate / (Vector.SquareRoot(meanSquare) + new Vector<float>(epsilon)));
            return parameter + change;
        }
    }
}
