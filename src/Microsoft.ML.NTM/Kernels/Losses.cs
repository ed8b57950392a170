namespace Microsoft.ML.NTM.Kernels;

/// <summary>Losses of one answer and their derivatives, which replace the scores. NaN targets count nothing.</summary>
internal static class Losses
{
    /// <summary>softplus(x) - t x, by x: sigma(x) - t.</summary>
    public static double BinaryCrossEntropy(Span<float> scores, ReadOnlySpan<float> targets, float weight)
    {
        double loss = 0;
        for (int o = 0; o < scores.Length; o++)
        {
            float score = scores[o], target = targets[o];
            if (float.IsNaN(target))
            {
                scores[o] = 0;
                continue;
            }
            float power = MathF.Exp(-MathF.Abs(score));
            loss += Math.Max(score, 0f) - (double)target * score + float.LogP1(power);
            float probability = score >= 0 ? 1f / (1f + power) : power / (1f + power);
            scores[o] = weight * (probability - target);
        }
        return weight * loss;
    }

    /// <summary>(x - t)^2, by x: 2 (x - t).</summary>
    public static double SquaredError(Span<float> scores, ReadOnlySpan<float> targets, float weight)
    {
        double loss = 0;
        for (int o = 0; o < scores.Length; o++)
        {
            float difference = float.IsNaN(targets[o]) ? 0 : scores[o] - targets[o];
            loss += (double)difference * difference;
            scores[o] = weight * 2 * difference;
        }
        return weight * loss;
    }

    /// <summary>-ln softmax(x)[class] per group of classes, by x: softmax(x) - [class].</summary>
    public static double CrossEntropy(Span<float> scores, ReadOnlySpan<float> targets, float weight)
    {
        double loss = 0;
        int classes = scores.Length / targets.Length;
        for (int group = 0; group < targets.Length; group++)
        {
            Span<float> logits = scores.Slice(group * classes, classes);
            if (float.IsNaN(targets[group]))
            {
                logits.Clear();
                continue;
            }
            float largest = logits[0];
            foreach (float logit in logits)
                largest = MathF.Max(largest, logit);
            int wanted = (int)targets[group];
            double distance = (double)largest - logits[wanted];
            double sum = 0;
            foreach (ref float logit in logits)
            {
                logit = MathF.Exp(logit - largest);
                sum += logit;
            }
            loss += Math.Log(sum) + distance;
            float scale = (float)(weight / sum);
            foreach (ref float logit in logits)
                logit *= scale;
            logits[wanted] -= weight;
        }
        return weight * loss;
    }
}
