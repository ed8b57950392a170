using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>Losses of one answer and their derivatives, which replace the scores. NaN targets count nothing.</summary>
internal static class Losses
{
    /// <summary>softplus(x) - t x, by x: sigma(x) - t.</summary>
    [MethodImpl(Jit.Optimized)]
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
            double power = Math.Exp(-Math.Abs((double)score)), inside = 1 / (1 + power), outside = power * inside;
            loss += Math.Max(score, 0f) - (double)target * score + Math.Log(1 + power);
            // sigma and 1 - sigma apart: their difference to a target that is nearly met must not be lost to rounding.
            (double probability, double rest) = score >= 0 ? (inside, outside) : (outside, inside);
            scores[o] = (float)(weight * ((1 - target) * probability - target * rest));
        }
        return weight * loss;
    }

    /// <summary>(x - t)^2, by x: 2 (x - t).</summary>
    [MethodImpl(Jit.Optimized)]
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
    [MethodImpl(Jit.Optimized)]
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
            double others = 0, own = Math.Exp(-distance);
            for (int c = 0; c < classes; c++)
            {
                logits[c] = MathF.Exp(logits[c] - largest);
                if (c != wanted)
                    others += logits[c];
            }
            double sum = own + others;
            loss += Math.Log(sum) + distance;
            float scale = (float)(weight / sum);
            foreach (ref float logit in logits)
                logit *= scale;
            // p - 1 as what the others have, which is not lost to rounding when it is small.
            logits[wanted] = (float)(-weight * others / sum);
        }
        return weight * loss;
    }
}
