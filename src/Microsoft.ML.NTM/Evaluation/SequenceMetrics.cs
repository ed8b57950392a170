using Microsoft.ML.NTM.Evaluation;

namespace Microsoft.ML.NTM;

/// <summary>
/// How well sequences were answered. What is masked (NaN in a number label, the missing key in a key label) is left out everywhere, and a
/// sequence or a step with nothing to score is not counted; <see cref="UnscoredElements"/> says how much that was. Values that a loss has
/// no meaning for are NaN. With weights, every mean and share counts a sequence, its steps and its elements by the sequence's weight; the
/// numbers of sequences, steps, elements and errors do not.
/// </summary>
/// <remarks>
/// Cross-entropies are computed from the scores, which are single-precision probabilities: the probability of what is right is taken as
/// at least 2^-25, half the distance from 1 to the next smaller single-precision number. One wholly wrong element so costs at most 25
/// bits.
/// </remarks>
public sealed class SequenceMetrics
{
    internal SequenceMetrics(MetricTotals totals, SequenceLoss loss, SequenceConfusionMatrix? confusion,
        IReadOnlyDictionary<int, SequenceMetrics> byLength)
    {
        bool classes = loss is SequenceLoss.BinaryCrossEntropy or SequenceLoss.CrossEntropy;
        LossFunction = loss;
        Sequences = totals.Sequences;
        Steps = totals.Steps;
        Elements = totals.Elements;
        UnscoredElements = totals.UnscoredElements;
        UnscoredSequences = totals.UnscoredSequences;
        Loss = totals.Loss / totals.SequenceWeight;
        BitsPerSequence = classes ? Loss / Math.Log(2) : double.NaN;
        Perplexity = loss == SequenceLoss.CrossEntropy ? Math.Exp(totals.Loss / totals.ElementWeight) : double.NaN;
        Errors = classes ? totals.Errors : 0;
        ErrorsPerSequence = classes ? totals.ErrorWeight / totals.SequenceWeight : double.NaN;
        WrongBitsPerSequence = loss == SequenceLoss.BinaryCrossEntropy ? ErrorsPerSequence : double.NaN;
        ElementAccuracy = classes ? 1 - totals.ErrorWeight / totals.ElementWeight : double.NaN;
        StepAccuracy = classes ? 1 - totals.WrongStepWeight / totals.StepWeight : double.NaN;
        SequenceAccuracy = classes ? 1 - totals.WrongSequenceWeight / totals.SequenceWeight : double.NaN;
        MeanAbsoluteError = classes ? double.NaN : totals.AbsoluteError / totals.ElementWeight;
        RootMeanSquaredError = classes ? double.NaN : Math.Sqrt(totals.Loss / totals.ElementWeight);
        RSquared = classes ? double.NaN : 1 - totals.Loss / totals.TargetSquares;
        ConfusionMatrix = confusion;
        ByLength = byLength;
    }

    /// <summary>The loss that was measured.</summary>
    public SequenceLoss LossFunction { get; }

    /// <summary>Sequences with something to score.</summary>
    public long Sequences { get; }

    /// <summary>Output steps with something to score, over all sequences.</summary>
    public long Steps { get; }

    /// <summary>Scored elements, over all sequences: outputs, or for cross-entropy class answers.</summary>
    public long Elements { get; }

    /// <summary>Sequences left out: all of their label is missing.</summary>
    public long UnscoredSequences { get; }

    /// <summary>Elements left out because their label is missing, those of <see cref="UnscoredSequences"/> included.</summary>
    public long UnscoredElements { get; }

    /// <summary>
    /// The loss summed over a sequence's scored elements, mean over sequences; in nats, for squared error in the target's units squared.
    /// </summary>
    public double Loss { get; }

    /// <summary>The loss in bits: <see cref="Loss"/> / ln 2 (cross-entropies).</summary>
    public double BitsPerSequence { get; }

    /// <summary>e to the mean loss per class answer (<see cref="SequenceLoss.CrossEntropy"/>).</summary>
    public double Perplexity { get; }

    /// <summary>
    /// Wrong elements over all sequences: outputs on the wrong side of 0.5, or classes that are not the most probable one
    /// (cross-entropies; else 0).
    /// </summary>
    public long Errors { get; }

    /// <summary><see cref="Errors"/> per sequence (cross-entropies).</summary>
    public double ErrorsPerSequence { get; }

    /// <summary>
    /// Outputs on the wrong side of 0.5, mean per sequence (<see cref="SequenceLoss.BinaryCrossEntropy"/>): the measure of the NTM
    /// paper's figures (arXiv:1410.5401, section 4) after thresholding. An output counts as 1 above 0.5, and so does a target.
    /// </summary>
    public double WrongBitsPerSequence { get; }

    /// <summary>The share of elements that are right, 0 to 1 (cross-entropies).</summary>
    public double ElementAccuracy { get; }

    /// <summary>The share of output steps whose scored elements are all right, 0 to 1 (cross-entropies).</summary>
    public double StepAccuracy { get; }

    /// <summary>The share of sequences whose scored elements are all right, 0 to 1 (cross-entropies).</summary>
    public double SequenceAccuracy { get; }

    /// <summary>The mean of |score - target| per element (<see cref="SequenceLoss.SquaredError"/>).</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The root of the mean of (score - target)^2 per element (<see cref="SequenceLoss.SquaredError"/>).</summary>
    public double RootMeanSquaredError { get; }

    /// <summary>
    /// 1 minus the squared error as a share of the targets' squared distance from their mean, over all elements; 1 at best, 0 for always
    /// answering the mean (<see cref="SequenceLoss.SquaredError"/>).
    /// </summary>
    public double RSquared { get; }

    /// <summary>
    /// Which class was answered where which one was right, with precision and recall per class (<see cref="SequenceLoss.CrossEntropy"/>);
    /// null for other losses, for more than 1,000 classes, and in the values of <see cref="ByLength"/>.
    /// </summary>
    public SequenceConfusionMatrix? ConfusionMatrix { get; }

    /// <summary>
    /// The same for the sequences of each input length in steps, shortest first. Where the feature column is no longer in the data, the
    /// length is that of the answer. Empty in the values of this dictionary themselves.
    /// </summary>
    public IReadOnlyDictionary<int, SequenceMetrics> ByLength { get; }

    /// <summary>A report in a few lines, and a table by length where there is more than one.</summary>
    public override string ToString() => MetricsReport.Format(this);
}
