namespace Microsoft.ML.NTM;

/// <summary>How a sweep chooses what to try next.</summary>
public enum SweepSampler
{
    /// <summary>
    /// A tree-structured Parzen estimator (Bergstra et al. 2011, NIPS 24, section 4) over the best-known length of training (Falkner et al.
    /// 2018, arXiv:1807.01774): where good trials are dense and others are not.
    /// </summary>
    Parzen,

    /// <summary>Evenly at random: the reference.</summary>
    Random,
}
