namespace Microsoft.ML.NTM;

/// <summary>How the learning rate changes while training goes on.</summary>
public enum LearningRateDecay
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// Down to 0 at the last iteration, along half a cosine (arXiv:1608.03983): slow steps at the end settle what fast ones found.
    /// </summary>
    Cosine,

    /// <summary>
    /// Halved at each validation that brings no improvement, at most ten times, where there is validation data; without any not at all.
    /// Such a training may go on beyond its last iteration.
    /// </summary>
    Plateau,
}
