using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Adds up sequences, one by one or batch by batch, into metrics: over all, and by input length.</summary>
internal sealed class MetricsAccumulator(ScoreFormat format, IReadOnlyList<string>? classNames = null)
{
    /// <summary>
    /// The least probability that what is right is given: 2^-25, half of what single precision tells from 1. A score rounded to 0 so
    /// costs a finite number of bits, the same for a zero and for a one.
    /// </summary>
    public const double LeastProbability = 1.0 / (1 << 25);

    private readonly MetricTotals _all = new();
    private readonly SortedDictionary<int, MetricTotals> _byLength = [];
    private readonly ConfusionCounts? _confusion = ConfusionCounts.For(format);

    /// <summary>Adds one sequence.</summary>
    /// <param name="inputSteps">Its input's steps.</param>
    /// <param name="scores">Probabilities, or values for squared error: [T', O].</param>
    /// <param name="targets">[T', K], NaN where nothing is scored.</param>
    /// <param name="weight">What the sequence counts, at least 0.</param>
    public void Add(int inputSteps, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, double weight = 1)
    {
        if (!_byLength.TryGetValue(inputSteps, out MetricTotals? length))
            length = new MetricTotals();
        if (!Add(_all, _confusion, scores, targets, weight))
            return;
        Add(length, null, scores, targets, weight);
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
            byLength.Add(length, new SequenceMetrics(totals, format.Loss, null, none));
        return new SequenceMetrics(_all, format.Loss, _confusion?.ToMatrix(classNames), byLength.AsReadOnly());
    }

    /// <summary>False where nothing of the sequence is scored.</summary>
    private bool Add(MetricTotals totals, ConfusionCounts? confusion, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets,
        double weight)
    {
        int k = format.TargetSize;
        long elementsBefore = totals.Elements, errorsBefore = totals.Errors;
        totals.BeginSequence(weight);
        confusion?.BeginSequence(weight);
        for (int t = 0; t < targets.Length / k; t++)
        {
            long elements = totals.Elements, errors = totals.Errors;
            AddStep(totals, confusion, scores.Slice(t * format.OutputSize, format.OutputSize), targets.Slice(t * k, k));
            if (totals.Elements > elements)
                totals.EndStep(totals.Errors > errors);
        }
        if (totals.Elements == elementsBefore)
        {
            totals.EndUnscored();
            return false;
        }
        totals.EndSequence(totals.Errors > errorsBefore);
        return true;
    }

    private void AddStep(MetricTotals totals, ConfusionCounts? confusion, ReadOnlySpan<float> scores, ReadOnlySpan<float> targets)
    {
        int classes = format.OutputSize / targets.Length;
        for (int i = 0; i < targets.Length; i++)
        {
            if (float.IsNaN(targets[i]))
                totals.AddUnscored();
            else if (format.Loss == SequenceLoss.CrossEntropy)
                AddClass(totals, confusion, scores.Slice(i * classes, classes), (int)targets[i]);
            else if (format.Loss == SequenceLoss.BinaryCrossEntropy)
                AddBit(totals, scores[i], targets[i]);
            else
                totals.AddNumber(scores[i], targets[i]);
        }
    }

    /// <summary>
    /// -ln p(class); wrong where it is not the first of the most probable. Where a score is no number, no class was answered: that is
    /// wrong, and where it is the right class's, the loss is none either.
    /// </summary>
    private static void AddClass(MetricTotals totals, ConfusionCounts? confusion, ReadOnlySpan<float> probabilities, int target)
    {
        int answered = float.IsNaN(probabilities[0]) ? -1 : 0;
        for (int c = 1; c < probabilities.Length && answered >= 0; c++)
        {
            if (!(probabilities[c] <= probabilities[answered]))
                answered = float.IsNaN(probabilities[c]) ? -1 : c;
        }
        confusion?.Add(target, answered);
        totals.AddElement(-Math.Log(Math.Max(probabilities[target], LeastProbability)), answered != target);
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
