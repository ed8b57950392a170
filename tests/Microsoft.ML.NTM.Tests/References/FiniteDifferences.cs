namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Derivatives from differences of values, in double precision.</summary>
internal static class FiniteDifferences
{
    /// <summary>df/dx[index] by the fourth-order central formula.</summary>
    public static double Derivative(Func<double[], double> f, double[] x, int index, double step = 1e-4)
    {
        double At(double offset)
        {
            double[] moved = [.. x];
            moved[index] += offset;
            return f(moved);
        }
        return (8 * (At(step) - At(-step)) - (At(2 * step) - At(-2 * step))) / (12 * step);
    }

    /// <summary>The whole gradient.</summary>
    public static double[] Gradient(Func<double[], double> f, double[] x, double step = 1e-4) =>
        [.. Enumerable.Range(0, x.Length).Select(index => Derivative(f, x, index, step))];
}
