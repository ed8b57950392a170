namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// The loss of one answer's logits [O] and its derivative by them, in place of them. Targets that are NaN are not scored: they count nothing
/// and pass no derivative. Sums are in double precision: a sequence has few answers.
/// </summary>
internal static class AnswerLoss
{
    /// <summary>The answer's loss; the derivative is multiplied by <paramref name="scale"/>.</summary>
    public static double Differentiate(SequenceLoss loss, Span<float> logits, ReadOnlySpan<float> targets, double scale) => loss switch
    {
        SequenceLoss.BinaryCrossEntropy => Binary(logits, targets, scale),
        SequenceLoss.CrossEntropy => Categorical(logits, targets, scale),
        SequenceLoss.SquaredError => Squared(logits, targets, scale),
        _ => throw new ArgumentException($"The loss {loss} is none that an engine can compute.", nameof(loss)),
    };

    // -(t ln sigma(x) + (1 - t) ln(1 - sigma(x))) = max(x, 0) - x t + ln(1 + e^-|x|)
    private static double Binary(Span<float> logits, ReadOnlySpan<float> targets, double scale)
    {
        double sum = 0;
        for (int o = 0; o < logits.Length; o++)
        {
            double x = logits[o], t = targets[o], e = Math.Exp(-Math.Abs(x));
            bool scored = !double.IsNaN(t);
            logits[o] = scored ? (float)(scale * ((x >= 0 ? 1 : e) / (1 + e) - t)) : 0f;
            if (scored)
                sum += Math.Max(x, 0) - x * t + Math.Log(1 + e);
        }
        return sum;
    }

    // (x - t)^2
    private static double Squared(Span<float> scores, ReadOnlySpan<float> targets, double scale)
    {
        double sum = 0;
        for (int o = 0; o < scores.Length; o++)
        {
            double difference = (double)scores[o] - targets[o];
            bool scored = !float.IsNaN(targets[o]);
            scores[o] = scored ? (float)(scale * 2 * difference) : 0f;
            if (scored)
                sum += difference * difference;
        }
        return sum;
    }

    // -ln softmax(x)[class], for each of the groups of classes side by side
    private static double Categorical(Span<float> logits, ReadOnlySpan<float> targets, double scale)
    {
        int classes = logits.Length / targets.Length;
        double sum = 0;
        for (int group = 0; group < targets.Length; group++)
        {
            Span<float> x = logits.Slice(group * classes, classes);
            if (float.IsNaN(targets[group]))
            {
                x.Clear();
                continue;
            }
            double largest = x[0], total = 0;
            foreach (float value in x)
                largest = Math.Max(largest, value);
            foreach (float value in x)
                total += Math.Exp(value - largest);
            int wanted = (int)targets[group];
            sum += largest + Math.Log(total) - x[wanted];
            for (int c = 0; c < classes; c++)
                x[c] = (float)(scale * (Math.Exp(x[c] - largest) / total - (c == wanted ? 1 : 0)));
        }
        return sum;
    }
}
