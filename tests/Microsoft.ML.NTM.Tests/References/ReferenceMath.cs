namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Slow and obvious: scalar functions and small sums in double precision.</summary>
internal static class ReferenceMath
{
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => x > 40 ? x : Math.Log(1 + Math.Exp(x));

    public static double OnePlus(double x) => 1 + Softplus(x);

    public static double[] Softmax(double[] logits)
    {
        double max = logits.Max();
        double[] powers = [.. logits.Select(x => Math.Exp(x - max))];
        double sum = powers.Sum();
        return [.. powers.Select(x => x / sum)];
    }

    public static double Dot(double[] u, double[] v)
    {
        double sum = 0;
        for (int i = 0; i < u.Length; i++)
            sum += u[i] * v[i];
        return sum;
    }

    /// <summary>u.v / (|u||v| + 1e-6).</summary>
    public static double Cosine(double[] u, double[] v) => Dot(u, v) / (Math.Sqrt(Dot(u, u)) * Math.Sqrt(Dot(v, v)) + 1e-6);

    /// <summary>W x + b, W row-major [outputs, inputs].</summary>
    public static double[] Affine(double[] weight, double[]? bias, double[] x)
    {
        int outputs = weight.Length / x.Length;
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            y[o] = bias?[o] ?? 0;
            for (int i = 0; i < x.Length; i++)
                y[o] += weight[o * x.Length + i] * x[i];
        }
        return y;
    }

    public static double[][] Rows(double[] values, int rows) => [.. values.Chunk(values.Length / rows)];
}
