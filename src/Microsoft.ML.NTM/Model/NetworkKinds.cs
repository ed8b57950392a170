namespace Microsoft.ML.NTM;

/// <summary>The network's family.</summary>
public enum NetworkKind
{
    /// <summary>Neural Turing Machine (Graves et al. 2014, arXiv:1410.5401).</summary>
    Ntm,

    /// <summary>Differentiable Neural Computer (Graves et al. 2016, Nature 538:471).</summary>
    Dnc,

    /// <summary>Stacked LSTM without a memory: both papers' baseline.</summary>
    Lstm,
}

/// <summary>The network that drives the heads.</summary>
public enum ControllerKind
{
    /// <summary>One or more LSTM layers.</summary>
    Lstm,

    /// <summary>One hidden tanh layer; the only recurrence is through memory and reads.</summary>
    FeedForward,
}

/// <summary>How a write head changes the memory (NTM only).</summary>
public enum MemoryWriteRule
{
    /// <summary>Erase, then add: M(i) * (1 - w(i) e) + w(i) a (arXiv:1410.5401, section 3.2).</summary>
    EraseAdd,

    /// <summary>Move towards the new content: (1 - w(i)) M(i) + w(i) a (Olah and Carter, Distill 2016).</summary>
    Interpolate,
}

/// <summary>What the memory holds before the first step (NTM only; Collier and Beel, arXiv:1807.08518).</summary>
public enum InitialMemory
{
    /// <summary>1e-6 everywhere: found to converge about twice as fast as the next best.</summary>
    Constant,

    /// <summary>A trained matrix.</summary>
    Learned,

    /// <summary>A random matrix, drawn once from the seed and not trained.</summary>
    Random,
}

/// <summary>Where the heads point before the first step (NTM only).</summary>
public enum InitialWeightings
{
    /// <summary>The softmax of trained logits, per head.</summary>
    Learned,

    /// <summary>Nowhere: all weights are zero.</summary>
    Zero,
}

/// <summary>Where sharpening adds <see cref="NetworkSpec.SharpeningEpsilon"/>.</summary>
public enum SharpeningEpsilonPlace
{
    /// <summary>To every weight: (w + eps)^gamma / sum (w + eps)^gamma, which has a gradient at 0 and always sums to 1.</summary>
    BeforePower,

    /// <summary>To the sum: w^gamma / (sum w^gamma + eps).</summary>
    AfterPower,
}
