using System.Globalization;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM;

/// <summary>How far a training is: what happened since the report before.</summary>
public sealed record TrainingProgress
{
    /// <summary>Batches seen since the start, a resumed training's earlier part included.</summary>
    public required long Iteration { get; init; }

    /// <summary>Batches after which training ends at the latest.</summary>
    public required long NumberOfIterations { get; init; }

    /// <summary>Sequences seen since the start.</summary>
    public required long Sequences { get; init; }

    /// <summary>
    /// Mean loss per sequence since the last report, in nats (squared error: squared units, of a label that is scaled squared deviations: 1
    /// per number for the mean as answer); NaN if every step was skipped.
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>The latest validation loss, or null before the first.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Mean Euclidean norm of the gradient before clipping, since the last report; NaN if every step was skipped.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Sequences trained per second since the last report, validation and checkpoints left out.</summary>
    public required double SequencesPerSecond { get; init; }

    /// <summary>Steps skipped since the start because loss or gradient was not finite.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Time spent training since the start, a resumed training's earlier part included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// One line, in the invariant culture:
    /// <c>iteration 1,200 of 5,000, loss 0.482, validation loss 0.51, gradient norm 1.2, 312 sequences/s, 0:41 so far</c>.
    /// </summary>
    public override string ToString()
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return string.Create(invariant, $"iteration {Iteration:N0} of {NumberOfIterations:N0}, loss {Loss:G4}")
            + (ValidationLoss is { } validation ? string.Create(invariant, $", validation loss {validation:G4}") : "")
            + string.Create(invariant, $", gradient norm {GradientNorm:G3}, {SequencesPerSecond:N0} sequences/s")
            + (SkippedSteps > 0 ? string.Create(invariant, $", {SkippedSteps:N0} steps skipped") : "")
            + $", {Clock.Text(Elapsed)} so far";
    }
}
