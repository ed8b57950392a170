namespace Microsoft.ML.NTM;

public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// How the feature columns' numbers are scaled, each channel for itself; keys and the delimiter never are. Measured on the leading rows
    /// of the training data: 100,000, or as many as hold 10 million numbers. A training that goes on from a model keeps that model's
    /// scaling. Default <see cref="SequenceScaling.Auto"/>: where the numbers need it. <see cref="SequenceScaling.None"/> is for numbers
    /// that you have scaled, and for comparisons with other implementations; raw numbers far from 0 then hardly train.
    /// </summary>
    public SequenceScaling FeatureScaling { get; set; } = SequenceScaling.Auto;

    /// <summary>
    /// How a label that is trained with <see cref="SequenceLoss.SquaredError"/> is scaled, each output for itself; other losses' labels
    /// never are. <c>Score</c> is in the label's own units all the same. Losses during training are in squared deviations: 1 per scored
    /// number is what the label's mean as answer would cost. Measured as for <see cref="FeatureScaling"/>. Default <see
    /// cref="SequenceScaling.Auto"/>. With <see cref="SequenceScaling.None"/>, labels in the thousands are never reached.
    /// </summary>
    public SequenceScaling LabelScaling { get; set; } = SequenceScaling.Auto;

    /// <summary>
    /// What is done about NaN among the features' numbers, in training and when the model scores. Infinity is always an error. Default <see
    /// cref="MissingFeatures.Error"/>, since NaN is mostly a mistake; where readings are really missing, <see
    /// cref="MissingFeatures.ZeroWithIndicator"/> tells the network so.
    /// </summary>
    public MissingFeatures MissingFeatures { get; set; } = MissingFeatures.Error;

    /// <summary>
    /// What training does about rows whose sequence has no steps. Scoring answers them, as one step without input. Default <see
    /// cref="EmptySequences.Error"/>. <see cref="EmptySequences.Skip"/> where empty texts are expected; the error finds tables that have
    /// lost their rows.
    /// </summary>
    public EmptySequences EmptySequences { get; set; } = EmptySequences.Error;
}
