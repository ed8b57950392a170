using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM;

// When training is over, and which weights it keeps.
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// Data to validate on, in the form that the trainer sees (after the transforms before it). Null, the default: see
    /// <see cref="ValidationSetFraction"/>.
    /// </summary>
    [JsonIgnore]
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The share of the training data that is held back to validate on, from 0 (none) to below 1, where there is no
    /// <see cref="ValidationSet"/>. Default 0.1.
    /// </summary>
    /// <remarks>
    /// Which rows are held back follows from the data alone: from windows of a time series the last ones, with a gap so that no window
    /// overlaps the training data; else one in every so many rows. Where that would be fewer than 20 rows, none are held back; and never
    /// more than are worth their time (half the sequences that are trained on between two validations, at least 1,000).
    /// </remarks>
    public double ValidationSetFraction { get; set; } = TrainingDefaults.ValidationSetFraction;

    /// <summary>
    /// With validation data: iterations from one validation to the next, at least 1. Default 500. Shorter where overfitting sets in early.
    /// </summary>
    public int ValidationInterval { get; set; } = TrainingDefaults.ValidationInterval;

    /// <summary>
    /// Validations without improvement after which training stops, at least 1; needs validation data. The best weights are kept either way.
    /// Null, the default: 10 where there is validation data.
    /// </summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>A validation loss counts as better where it is lower by more than this, at least 0. Default 0.</summary>
    public double MinimumImprovement { get; set; }

    /// <summary>
    /// Training ends once the validation loss is at most this; without validation data, once the loss from one report to the next is. In
    /// the loss's units per sequence (of a scaled label: squared deviations). Null, the default: it does not.
    /// </summary>
    public double? TargetLoss { get; set; }

    /// <summary>
    /// Time after which training stops with what it has, above 0; a batch that is not done by then is given up. Null, the default: none.
    /// </summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>
    /// Stops training, also in the middle of a batch, and keeps the model so far: that of the last whole update. Default: none.
    /// (Cancelling the MLContext throws instead.)
    /// </summary>
    [JsonIgnore]
    public CancellationToken StoppingToken { get; set; }
}
