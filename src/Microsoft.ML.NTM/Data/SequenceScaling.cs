namespace Microsoft.ML.NTM;

/// <summary>
/// How numbers are brought to the scale that networks train well on. The model keeps what was measured and applies it when it scores.
/// </summary>
public enum SequenceScaling
{
    /// <summary>
    /// What needs it is scaled. Of the features, a channel within [-1, 1] and of a deviation of at least 0.1 stays as it is, and so does
    /// one that already has about unit scale around 0. Else its mean becomes 0 and its deviation 1; where a few values are far from all
    /// others, its median and the spread of the middle half instead; where more than half is exactly 0 (rare events), 0 stays 0 and the
    /// other values' root mean square becomes 1. A constant becomes 0. Values more than 10 deviations out count by the logarithm of their
    /// distance. A label within [-1, 1] and of a deviation of at least 0.1 stays as it is, else each output's mean becomes 0 and its
    /// deviation 1.
    /// </summary>
    Auto,

    /// <summary>Numbers stay as they are.</summary>
    None,

    /// <summary>Every channel's mean becomes 0 and its deviation 1, however it looked before; a constant becomes 0.</summary>
    Standardize,
}

/// <summary>What is done about NaN among the features' numbers.</summary>
public enum MissingFeatures
{
    /// <summary>It is an error that names column and row.</summary>
    Error,

    /// <summary>The network reads 0, which for a scaled channel is its mean.</summary>
    Zero,

    /// <summary>
    /// The network reads 0, and has for each channel of numbers a second input, which is 1 where the number is missing and 0 where it is
    /// not. A column's second inputs stand after its numbers.
    /// </summary>
    ZeroWithIndicator,
}

/// <summary>What training does about a row whose sequence has no steps. Scoring always answers it, as one step without input.</summary>
public enum EmptySequences
{
    /// <summary>It is an error that names column and row.</summary>
    Error,

    /// <summary>The row is passed over, in validation data too.</summary>
    Skip,
}
