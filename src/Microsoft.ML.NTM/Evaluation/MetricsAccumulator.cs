using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Adds up sequences, one by one or batch by batch, into metrics: over all, and by input length.</summary>
internal sealed class MetricsAccumulator(ScoreFormat format)
{
    /// <summary>
    /// The least probability that what is right is given: 2^-25, half of what single precision tells from 1. A score rounded to 0 so
    /// costs a finite number of bits, the same for a zero and for a one.
    /// </summary>
    public const double LeastProbability = 1.0 / (1 << 25);

    private readonly MetricTotals _all = new();
    private readonly SortedDictionary<int, MetricTotals> _byLength = [];

    /// <summary>Adds one sequence.</summary>
    /// <param name="inputSteps">Its input's steps.</param>
    /// <param name="scores">Probabilities, or values for squared error: [T', O].</param>
    /// <param name="targets">[T', K], NaN where nothing is scored.</param>
    public void Add(int inputSteps, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        if (!_byLength.TryGetValue(inputSteps, out MetricTotals? length))
            length = new MetricTotals();
        if (!Add(_all, scores, targets))
            return;
        Add(length, scores, targets);
        _byLength[inputSteps] = length;
    }

    /// <summary>Adds every row of a batch.</summary>
    /// <param name="batch">Rows with targets.</param>
    /// <param name="scores">Probabilities, or values for squared error: [T, B, O], read where a row answers.</param>
    public void Add(SequenceBatch batch, ReadOnlySpan<float> scores)
    {
        int o = format.OutputSize, k = format.TargetSize;
        for (int r = 0; r < batch.Rows; r++)
        {
            int start = batch.OutputStarts[r], steps = batch.Lengths[r] - start;
            float[] rowScores = new float[steps * o], rowTargets = new float[steps * k];
            for (int t = 0; t < steps; t++)
            {
                scores.Slice(((start + t) * batch.Rows + r) * o, o).CopyTo(rowScores.AsSpan(t * o));
                batch.Target(start + t, r).CopyTo(rowTargets.AsSpan(t * k));
            }
            Add(format.Alignment == SequenceAlignment.AfterInput ? start - 1 : batch.Lengths[r], rowScores, rowTargets);
        }
    }

    /// <summary>The metrics of what was added so far.</summary>
    public SequenceMetrics ToMetrics()
    {
        var none = new Dictionary<int, SequenceMetrics>().AsReadOnly();
        var byLength = new SortedDictionary<int, SequenceMetrics>();
        foreach ((int length, MetricTotals totals) in _byLength)
            byLength.Add(length, new SequenceMetrics(totals, format.Loss, none));
        return new SequenceMetrics(_all, format.Loss, byLength.AsReadOnly());
    }

    /// <summary>False where nothing of the sequence is scored.</summary>
    private bool Add(MetricTotals totals, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        int k = format.TargetSize;
        long elementsBefore = totals.Elements, errorsBefore = totals.Errors;
        for (int t = 0; t < targets.Length / k; t++)
        {
            long elements = totals.Elements, errors = totals.Errors;
            AddStep(totals, scores.Slice(t * format.OutputSize, format.OutputSize), targets.Slice(t * k, k));
            if (totals.Elements > elements)
                totals.EndStep(totals.Errors > errors);
        }
        if (totals.Elements == elementsBefore)
            return false;
        totals.EndSequence(totals.Errors > errorsBefore);
        return true;
    }

    private void AddStep(MetricTotals totals, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        int classes = format.OutputSize / targets.Length;
        for (int i = 0; i < targets.Length; i++)
        {
            if (float.IsNaN(targets[i]))
                continue;
            if (format.Loss == SequenceLoss.CrossEntropy)
                AddClass(totals, scores.Slice(i * classes, classes), (int)targets[i]);
            else if (format.Loss == SequenceLoss.BinaryCrossEntropy)
                AddBit(totals, scores[i], targets[i]);
            else
                totals.AddNumber(scores[i], targets[i]);
        }
    }

    /// <summary>
    /// -ln p(class); wrong where it is not the first of the most probable. A score that is no number is wrong, and the loss is none
    /// either.
    /// </summary>
    private static void AddClass(MetricTotals totals, ReadOnlySpan<float> probabilities, int target)
    {
        bool right = !float.IsNaN(probabilities[target]);
        for (int c = 0; c < probabilities.Length; c++)
            right &= c < target ? probabilities[c] < probabilities[target] : probabilities[c] <= probabilities[target];
        totals.AddElement(-Math.Log(Math.Max(probabilities[target], LeastProbability)), !right);
    }

    /// <summary>-(y ln p + (1 - y) ln(1 - p)); wrong where p and y are on different sides of 0.5.</summary>
    private static void AddBit(MetricTotals totals, float probability, float target)
    {
        double loss = 0;
        if (target > 0f)
            loss -= target * Math.Log(Math.Max(probability, LeastProbability));
        if (target < 1f)
            loss -= (1.0 - target) * Math.Log(Math.Max(1.0 - probability, LeastProbability));
        totals.AddElement(loss, float.IsNaN(probability) || probability > 0.5f != target > 0.5f);
    }
}
