using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>What scores mean: as much of a model as its metrics need.</summary>
/// <param name="Loss">The loss; scores are probabilities for cross-entropies.</param>
/// <param name="OutputSize">Outputs per step (O).</param>
/// <param name="SoftmaxGroups">Class answers per step (G); 1 unless the loss is cross-entropy.</param>
/// <param name="Alignment">Which steps answer.</param>
/// <param name="Feature">The feature column, whose length tells a sequence's input steps; null where it is not known.</param>
/// <param name="AnswersSequence">Whether there is one answer per sequence.</param>
internal sealed record ScoreFormat(
    SequenceLoss Loss, int OutputSize, int SoftmaxGroups = 1, SequenceAlignment Alignment = SequenceAlignment.EveryStep,
        FeatureFormat? Feature = null,
    bool AnswersSequence = false)
{
    /// <summary>Targets per output step (K).</summary>
    public int TargetSize => Loss == SequenceLoss.CrossEntropy ? SoftmaxGroups : OutputSize;

    /// <summary>What the scores of a fitted model mean.</summary>
    public static ScoreFormat Of(SequenceFormat format) =>
        new(format.Spec.Loss, format.OutputSize, format.Spec.SoftmaxGroups, format.Spec.Alignment, format.Features[0],
            format.Spec.OneLabelPerSequence);
}
