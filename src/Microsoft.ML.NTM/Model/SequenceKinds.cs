namespace Microsoft.ML.NTM;

/// <summary>Which steps answer a vector label.</summary>
public enum SequenceAlignment
{
    /// <summary>Output step t answers input step t.</summary>
    EveryStep,

    /// <summary>
    /// The network reads the whole input, then a delimiter step, then answers without input: the form of the papers' tasks. A channel of
    /// its own, after the features, carries the delimiter.
    /// </summary>
    AfterInput,
}

/// <summary>
/// What an output step is compared by. Losses are summed over a sequence's scored elements; a batch's is the mean over sequences.
/// </summary>
public enum SequenceLoss
{
    /// <summary>By the label's type: keys give cross-entropy, Booleans binary cross-entropy, numbers squared error.</summary>
    Auto,

    /// <summary>Sigmoid cross-entropy per output; targets in [0, 1].</summary>
    BinaryCrossEntropy,

    /// <summary>(score - target)^2 per output.</summary>
    SquaredError,

    /// <summary>Softmax cross-entropy per class answer.</summary>
    CrossEntropy,
}
