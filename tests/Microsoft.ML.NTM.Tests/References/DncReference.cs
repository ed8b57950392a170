namespace Microsoft.ML.NTM.Tests.References;

/// <summary>The DNC's equations for one row, with nested loops. Links are [N][N]: links[i][j] says that i was written after j.</summary>
internal static class DncReference
{
    public const double Epsilon = 1e-6;

    /// <summary>psi(i) = prod_r (1 - f^r w^r(i)).</summary>
    public static double[] Retention(double[] freeGates, double[][] readWeightings)
    {
        var retention = new double[readWeightings[0].Length];
        for (int i = 0; i < retention.Length; i++)
        {
            retention[i] = 1;
            for (int head = 0; head < freeGates.Length; head++)
                retention[i] *= 1 - freeGates[head] * readWeightings[head][i];
        }
        return retention;
    }

    /// <summary>u_t = (u_{t-1} + w - u_{t-1} w) psi.</summary>
    public static double[] Usage(double[] usage, double[] writeWeighting, double[] retention)
    {
        var next = new double[usage.Length];
        for (int i = 0; i < next.Length; i++)
            next[i] = (usage[i] + writeWeighting[i] - usage[i] * writeWeighting[i]) * retention[i];
        return next;
    }

    /// <summary>The free slots, emptiest first, ties by index, each taking its share of what is left.</summary>
    public static double[] Allocation(double[] usage)
    {
        var allocation = new double[usage.Length];
        for (int i = 0; i < usage.Length; i++)
        {
            allocation[i] = 1 - Raised(usage[i]);
            for (int before = 0; before < usage.Length; before++)
            {
                if (usage[before] < usage[i] || usage[before] == usage[i] && before < i)
                    allocation[i] *= Raised(usage[before]);
            }
        }
        return allocation;

        static double Raised(double usage) => Epsilon + (1 - Epsilon) * usage;
    }

    /// <summary>w^w = g_w (g_a a + (1 - g_a) c).</summary>
    public static double[] WriteWeighting(double writeGate, double allocationGate, double[] allocation, double[] content)
    {
        var weighting = new double[content.Length];
        for (int i = 0; i < weighting.Length; i++)
            weighting[i] = writeGate * (allocationGate * allocation[i] + (1 - allocationGate) * content[i]);
        return weighting;
    }

    /// <summary>M (1 - w e^T) + w v^T, times the retention of each slot where there is de-allocation.</summary>
    public static double[][] Write(double[][] memory, double[] weighting, double[] erase, double[] vector, double[]? retention)
    {
        var written = new double[memory.Length][];
        for (int i = 0; i < memory.Length; i++)
        {
            written[i] = new double[erase.Length];
            for (int m = 0; m < erase.Length; m++)
                written[i][m] = memory[i][m] * (retention?[i] ?? 1) * (1 - weighting[i] * erase[m]) + weighting[i] * vector[m];
        }
        return written;
    }

    /// <summary>L_t[i,j] = (1 - w[i] - w[j]) L_{t-1}[i,j] + w[i] p[j], diagonal 0.</summary>
    public static double[][] Link(double[][] links, double[] writeWeighting, double[] precedence)
    {
        var linked = new double[links.Length][];
        for (int i = 0; i < links.Length; i++)
        {
            linked[i] = new double[links.Length];
            for (int j = 0; j < links.Length; j++)
            {
                if (i != j)
                    linked[i][j] = (1 - writeWeighting[i] - writeWeighting[j]) * links[i][j] + writeWeighting[i] * precedence[j];
            }
        }
        return linked;
    }

    /// <summary>p_t = (1 - sum w) p_{t-1} + w.</summary>
    public static double[] Precedence(double[] precedence, double[] writeWeighting)
    {
        double written = writeWeighting.Sum();
        var next = new double[precedence.Length];
        for (int i = 0; i < next.Length; i++)
            next[i] = (1 - written) * precedence[i] + writeWeighting[i];
        return next;
    }

    /// <summary>f(i) = sum_j L[i,j] w(j).</summary>
    public static double[] Forward(double[][] links, double[] weighting) => Follow(weighting, (to, from) => links[to][from]);

    /// <summary>b(i) = sum_j L[j,i] w(j).</summary>
    public static double[] Backward(double[][] links, double[] weighting) => Follow(weighting, (to, from) => links[from][to]);

    /// <summary>Content weighting, both key and memory seen through a mask where there is one.</summary>
    public static double[] ContentWeighting(double[][] memory, double[] key, double strength, double[]? mask) => mask is null
        ? NtmReference.ContentWeighting(memory, key, strength)
        : NtmReference.ContentWeighting([.. memory.Select(slot => Masked(slot, mask))], Masked(key, mask), strength);

    private static double[] Masked(double[] values, double[] mask) => [.. values.Zip(mask, (value, part) => value * part)];

    private static double[] Follow(double[] weighting, Func<int, int, double> link)
    {
        var next = new double[weighting.Length];
        for (int to = 0; to < next.Length; to++)
        {
            for (int from = 0; from < next.Length; from++)
                next[to] += link(to, from) * weighting[from];
        }
        return next;
    }
}
