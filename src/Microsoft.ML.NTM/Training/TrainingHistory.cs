using System.Globalization;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM;

/// <summary>Why a training ended.</summary>
public enum TrainingStopReason
{
    /// <summary>All iterations were made.</summary>
    Completed,

    /// <summary>The validation loss has not improved for as long as was allowed.</summary>
    NoImprovement,

    /// <summary>The time budget was used up.</summary>
    TimeBudget,

    /// <summary>A stop was asked for.</summary>
    StopRequested,

    /// <summary>The data came to an end.</summary>
    OutOfData,

    /// <summary>The loss that was asked for was reached.</summary>
    TargetReached,

    /// <summary>Data or engine failed on the way; see <see cref="TrainingInterruptedException"/>.</summary>
    Interrupted,
}

/// <summary>What happened in a training.</summary>
public sealed record TrainingHistory
{
    /// <summary>The reports, oldest first.</summary>
    public required IReadOnlyList<TrainingProgress> Reports { get; init; }

    /// <summary>Why it ended.</summary>
    public required TrainingStopReason StopReason { get; init; }

    /// <summary>Batches seen.</summary>
    public required long Iterations { get; init; }

    /// <summary>The iteration whose weights were kept: the best by validation loss, else the last.</summary>
    public required long KeptIteration { get; init; }

    /// <summary>The kept weights' validation loss; null without validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Steps skipped because loss or gradient was not finite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>How often training went back to the last good weights with a lower learning rate.</summary>
    public required long Rollbacks { get; init; }

    /// <summary>Time spent.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// One line, in the invariant culture:
    /// <c>NoImprovement after 7,500 iterations and 0:12, weights of iteration 2,500, validation loss 0.09059</c>.
    /// </summary>
    public override string ToString()
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return string.Create(invariant, $"{StopReason} after {Iterations:N0} iterations and {Clock.Text(Elapsed)}, ")
            + string.Create(invariant, $"weights of iteration {KeptIteration:N0}")
            + (ValidationLoss is { } validation ? string.Create(invariant, $", validation loss {validation:G4}") : "")
            + (SkippedSteps > 0 ? string.Create(invariant, $", {SkippedSteps:N0} steps skipped") : "")
            + (Rollbacks > 0 ? string.Create(invariant, $", {Rollbacks:N0} times back to earlier weights") : "");
    }
}
