using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Adam (arXiv:1412.6980, algorithm 1); with a weight decay, AdamW (arXiv:1711.05101, algorithm 2).
/// <code>
/// m = beta1 m + (1 - beta1) g          mean
/// v = beta2 v + (1 - beta2) g^2        mean square
/// p = p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// </code>
/// </summary>
internal sealed class AdamOptimizer : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;
    private Rule _rule;

    /// <summary>Fresh state.</summary>
    public AdamOptimizer(ParameterLayout layout, OptimizerSettings settings)
        : base(layout, settings, "mean", "mean_square")
    {
        _beta1 = settings.Beta1;
        _beta2 = settings.Beta2;
        _epsilon = settings.Epsilon ?? 1e-8f;
    }

    /// <inheritdoc/>
    protected override void Prepare(float learningRate)
    {
        float meanScale = (float)(learningRate / (1 - Math.Pow(_beta1, Steps)));
        float squareScale = (float)(1 / (1 - Math.Pow(_beta2, Steps)));
        _rule = new Rule(_beta1, _beta2, _epsilon, meanScale, squareScale);
    }

    /// <inheritdoc/>
    protected override void Apply(in UpdatePiece piece) => UpdateRule.Apply(_rule, piece);

    private readonly struct Rule(float beta1, float beta2, float epsilon, float meanScale, float squareScale) : IUpdateRule
    {
        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Update(
            Vector<float> parameter, Vector<float> gradient, ref Vector<float> mean, ref Vector<float> meanSquare, ref Vector<float> none)
        {
            mean = UpdateRule.Flush(mean * beta1 + gradient * (1 - beta1));
            meanSquare = UpdateRule.FlushSquare(meanSquare * beta2 + gradient * gradient * (1 - beta2));
            return parameter - mean * meanScale / (Vector.SquareRoot(meanSquare * squareScale) + new Vector<float>(epsilon));
        }
    }
}
