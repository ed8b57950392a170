using static Microsoft.ML.NTM.Tests.References.ReferenceMath;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>The NTM's equations for one head and one row, with nested loops. Memory is [N][M], a weighting [N].</summary>
internal static class NtmReference
{
    public const double Epsilon = 1e-6;

    /// <summary>w_c(i) = softmax_i(beta cos(k, M(i))).</summary>
    public static double[] ContentWeighting(double[][] memory, double[] key, double strength)
    {
        var similarity = new double[memory.Length];
        for (int i = 0; i < memory.Length; i++)
            similarity[i] = strength * Cosine(key, memory[i]);
        return Softmax(similarity);
    }

    /// <summary>w_g = g w_c + (1 - g) w_{t-1}.</summary>
    public static double[] Interpolate(double[] content, double[] previous, double gate)
    {
        var gated = new double[content.Length];
        for (int i = 0; i < gated.Length; i++)
            gated[i] = gate * content[i] + (1 - gate) * previous[i];
        return gated;
    }

    /// <summary>w_s(i) = sum_j w_g((i - j) mod N) s(j), j from -S to S; shift[j + S] = s(j).</summary>
    public static double[] Shift(double[] gated, double[] shift)
    {
        int slots = gated.Length, range = shift.Length / 2;
        var shifted = new double[slots];
        for (int i = 0; i < slots; i++)
        {
            for (int j = -range; j <= range; j++)
                shifted[i] += gated[((i - j) % slots + slots) % slots] * shift[j + range];
        }
        return shifted;
    }

    /// <summary>w_s^gamma / (sum w_s^gamma + eps), or as below, as the spec says.</summary>
    public static double[] Sharpen(double[] shifted, double gamma, NetworkSpec spec)
    {
        double epsilon = spec.SharpeningEpsilon;
        if (spec.SharpeningEpsilonPlace == SharpeningEpsilonPlace.BeforePower)
            return Sharpen(shifted, gamma, epsilon);
        double[] powers = [.. shifted.Select(weight => Math.Pow(weight, gamma))];
        return [.. powers.Select(power => power / (powers.Sum() + epsilon))];
    }

    /// <summary>w = w_s^gamma / sum w_s^gamma on (w_s + eps) / max(w_s + eps).</summary>
    public static double[] Sharpen(double[] shifted, double gamma, double epsilon = Epsilon)
    {
        double max = shifted.Max() + epsilon;
        var weighting = new double[shifted.Length];
        for (int i = 0; i < shifted.Length; i++)
            weighting[i] = Math.Pow((shifted[i] + epsilon) / max, gamma);
        double sum = weighting.Sum();
        for (int i = 0; i < shifted.Length; i++)
            weighting[i] /= sum;
        return weighting;
    }

    /// <summary>r = w M.</summary>
    public static double[] Read(double[][] memory, double[] weighting)
    {
        var read = new double[memory[0].Length];
        for (int i = 0; i < memory.Length; i++)
        {
            for (int m = 0; m < read.Length; m++)
                read[m] += weighting[i] * memory[i][m];
        }
        return read;
    }

    /// <summary>M prod_w(1 - w e^T) + sum_w w a^T.</summary>
    public static double[][] Write(double[][] memory, IReadOnlyList<(double[] Weighting, double[] Erase, double[] Add)> heads)
    {
        var written = new double[memory.Length][];
        for (int i = 0; i < memory.Length; i++)
        {
            written[i] = new double[memory[i].Length];
            for (int m = 0; m < memory[i].Length; m++)
            {
                double kept = 1, added = 0;
                foreach ((double[] weighting, double[] erase, double[] add) in heads)
                {
                    kept *= 1 - weighting[i] * erase[m];
                    added += weighting[i] * add[m];
                }
                written[i][m] = memory[i][m] * kept + added;
            }
        }
        return written;
    }
}
