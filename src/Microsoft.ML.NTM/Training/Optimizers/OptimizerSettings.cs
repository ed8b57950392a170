namespace Microsoft.ML.NTM.Training;

/// <summary>An optimizer and its constants; what is null takes its kind's default.</summary>
internal sealed record OptimizerSettings
{
    /// <summary>The optimizer.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.RmsProp;

    /// <summary>Share of the last change that is repeated, in [0, 1): RMSProp and SGD. Default 0.9.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>How slowly RMSProp's averages move, in [0, 1). Default 0.95.</summary>
    public float Decay { get; init; } = 0.95f;

    /// <summary>Whether RMSProp divides by the standard deviation (Graves) or by the root mean square (most libraries).</summary>
    public bool Centered { get; init; } = true;

    /// <summary>How slowly Adam's mean moves, in [0, 1). Default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>How slowly Adam's mean square moves, in [0, 0.99999]. Default 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>
    /// Keeps the divisor away from 0: default 1e-4 under centred RMSProp's root, 0.01 beside the other's, 1e-8 beside Adam's.
    /// </summary>
    public float? Epsilon { get; init; }

    /// <summary>
    /// How much of a weight matrix a step takes away, as a share of the learning rate, whatever the optimizer. Default 0.
    /// </summary>
    public float WeightDecay { get; init; }

    /// <summary>One sentence per fault; empty where the settings are sound.</summary>
    internal IEnumerable<string> Faults()
    {
        if (!Enum.IsDefined(Kind))
            yield return $"Optimizer must be one of {string.Join(", ", Enum.GetNames<OptimizerKind>())}; it is {Kind}.";
        if (Momentum is not (>= 0 and < 1))
            yield return $"Momentum must be at least 0 and below 1; it is {Momentum}.";
        if (Decay is not (>= 0 and < 1))
            yield return $"Decay must be at least 0 and below 1; it is {Decay}.";
        if (Beta1 is not (>= 0 and < 1))
            yield return $"Beta1 must be at least 0 and below 1; it is {Beta1}.";
        if (Beta2 is not (>= 0 and <= 0.99999f))
            yield return $"Beta2 must be from 0 to 0.99999; it is {Beta2}.";
        if (Epsilon is float epsilon && epsilon is not (>= 1e-12f and <= 1))
            yield return $"Epsilon must be from 1e-12 to 1; it is {epsilon}.";
        if (WeightDecay is not (>= 0 and <= 1))
            yield return $"WeightDecay must be from 0 to 1; it is {WeightDecay}.";
    }

    /// <summary>A fresh optimizer for parameters of <paramref name="layout"/>.</summary>
    internal Optimizer Create(ParameterLayout layout) => Kind switch
    {
        OptimizerKind.RmsProp => new RmsPropOptimizer(layout, this),
        OptimizerKind.Adam or OptimizerKind.AdamW => new AdamOptimizer(layout, this),
        OptimizerKind.Sgd => new SgdOptimizer(layout, this),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
    };
}
