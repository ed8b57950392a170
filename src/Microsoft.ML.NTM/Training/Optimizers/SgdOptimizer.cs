using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>Gradient descent with momentum: <c>v = momentum v + g</c>, <c>p = p - rate v</c>.</summary>
internal sealed class SgdOptimizer(ParameterLayout layout, OptimizerSettings settings) : Optimizer(layout, settings, "velocity")
{
    private readonly float _momentum = settings.Momentum;
    private Rule _rule;

    /// <inheritdoc/>
    protected override void Prepare(float learningRate) => _rule = new Rule(_momentum, learningRate);

    /// <inheritdoc/>
    protected override void Apply(in UpdatePiece piece) => UpdateRule.Apply(_rule, piece);

    private readonly struct Rule(float momentum, float rate) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Update(
            Vector<float> parameter, Vector<float> gradient, ref Vector<float> velocity, ref Vector<float> none, ref Vector<float> nothing)
        {
            velocity = UpdateRule.Flush(velocity * momentum + gradient);
            return parameter - velocity * rate;
        }
    }
}
