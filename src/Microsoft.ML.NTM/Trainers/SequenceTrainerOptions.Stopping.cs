using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM;

// When training is over, and which weights it keeps.
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// Data to validate on, in the form that the trainer sees (after the transforms before it). Null, the default: see <see
    /// cref="ValidationSetFraction"/>. Give one where you know which rows are like those to come: other machines, later dates.
    /// </summary>
    [JsonIgnore]
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The share of the training data that is held back to validate on, from 0 (none) to below 1, where there is no <see
    /// cref="ValidationSet"/>. Default 0.1. 0.2 where a few hundred sequences leave too few to tell; 0 trains on everything, to the last
    /// iteration.
    /// </summary>
    /// <remarks>
    /// Which rows are held back follows from the data alone: from windows of a time series the last ones, with a gap so that no window
    /// overlaps the training data; else one in every so many rows. Where that would be fewer than 20 rows, none are held back; and never
    /// more than are worth their time (half the sequences that are trained on between two validations, at least 1,000).
    /// </remarks>
    public double ValidationSetFraction { get; set; } = TrainingDefaults.ValidationSetFraction;

    /// <summary>
    /// With validation data: iterations from one validation to the next, at least 1. Default 500. Shorter where overfitting sets in early.
    /// Longer where validating takes much of the time.
    /// </summary>
    public int ValidationInterval { get; set; } = TrainingDefaults.ValidationInterval;

    /// <summary>
    /// Validations without improvement after which training stops, at least 1; needs validation data. The best weights are kept either way.
    /// Null, the default: 10 where there is validation data. Raise it for networks with a memory, which learn nothing for a while before
    /// they learn fast; lower it to save time.
    /// </summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>
    /// A validation loss counts as better where it is lower by more than this, at least 0. Default 0. Raise it where a training goes on and
    /// on for gains that do not matter; in the units of the loss.
    /// </summary>
    public double MinimumImprovement { get; set; }

    /// <summary>
    /// Training ends once the validation loss is at most this, from 0; without validation data, once the loss from one report to the next
    /// is. In the loss's units per sequence (of a scaled label: squared deviations). Null, the default: it does not. For tasks that can be
    /// solved: it saves time and gives no quality.
    /// </summary>
    public double? TargetLoss { get; set; }

    /// <summary>
    /// Time after which training stops with what it has, above 0; a batch that is not done by then is given up. Null, the default: none.
    /// What is reached then depends on the machine; where it should not, bound <see cref="NumberOfIterations"/>.
    /// </summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>
    /// Stops training, also in the middle of a batch, and keeps the model so far: that of the last whole update. Default: none. Give a
    /// token that Ctrl+C, or the end of a service, cancels. (What cancels the MLContext itself, as AutoML does, throws instead.)
    /// </summary>
    [JsonIgnore]
    public CancellationToken StoppingToken { get; set; }
}
