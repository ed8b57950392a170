using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// A density over a space from some of its points: a mixture of one kernel around each and one that is even over the whole space. A kernel
/// is a product of normal densities, cut at 0 and 1, over where numbers stand in their ranges, and of choices that mostly stay as they are.
/// </summary>
internal sealed class KernelDensity
{
    // A choice is another than the kernel's with this probability; and no kernel is narrower, or a single good point would never be left.
    private const double OtherChoice = 0.5, LeastWidth = 0.05, MostWidth = 0.5;

    private readonly SweepSpace _space;
    private readonly double[][] _points;
    private readonly double[] _widths;

    public KernelDensity(SweepSpace space, double[][] points)
    {
        (_space, _points) = (space, points);
        _widths = [.. Enumerable.Range(0, space.Parameters.Count).Select(Width)];
    }

    /// <summary>A point drawn from the density.</summary>
    public double[] Draw(SeededRandom random)
    {
        int kernel = random.NextInt(_points.Length + 1);
        double[] point = new double[_widths.Length];
        for (int i = 0; i < point.Length; i++)
        {
            SweepParameter parameter = _space.Parameters[i];
            double centre = kernel < _points.Length ? _points[kernel][i] : double.NaN;
            if (parameter.IsChoice)
                point[i] = double.IsNaN(centre) || random.NextDouble() < OtherChoice ? random.NextInt(parameter.Choices.Count) : centre;
            else
                point[i] = parameter.FromUnit(double.IsNaN(centre) ? random.NextDouble()
                    : DrawNear(parameter.ToUnit(centre), _widths[i], random));
        }
        return _space.Settle(point);
    }

    /// <summary>The logarithm of the density at a point.</summary>
    public double LogDensity(double[] point)
    {
        double[] logs = new double[_points.Length + 1];
        for (int k = 0; k < _points.Length; k++)
        {
            for (int i = 0; i < point.Length; i++)
                logs[k] += LogKernel(i, point[i], _points[k][i]);
        }
        for (int i = 0; i < point.Length; i++)
            logs[^1] += LogKernel(i, point[i], double.NaN);
        double most = logs.Max();
        return most + Math.Log(logs.Sum(log => Math.Exp(log - most)) / logs.Length);
    }

    private double LogKernel(int index, double value, double centre)
    {
        if (double.IsNaN(value))
            return 0;
        SweepParameter parameter = _space.Parameters[index];
        if (parameter.IsChoice)
        {
            double even = 1.0 / parameter.Choices.Count;
            return Math.Log(double.IsNaN(centre) ? even : OtherChoice * even + (value == centre ? 1 - OtherChoice : 0));
        }
        if (double.IsNaN(centre))
            return 0;
        double at = parameter.ToUnit(value), from = parameter.ToUnit(centre), width = _widths[index];
        double z = (at - from) / width;
        double mass = NormalShare((1 - from) / width) - NormalShare(-from / width);
        return -0.5 * z * z - Math.Log(width * Math.Sqrt(2 * Math.PI) * mass);
    }

    // Scott's rule (1992) over the points that have a value.
    private double Width(int index)
    {
        SweepParameter parameter = _space.Parameters[index];
        double[] units = [.. _points.Where(point => !double.IsNaN(point[index])).Select(point => parameter.ToUnit(point[index]))];
        if (units.Length < 2)
            return MostWidth;
        double mean = units.Average();
        double deviation = Math.Sqrt(units.Sum(unit => (unit - mean) * (unit - mean)) / (units.Length - 1));
        return Math.Clamp(1.06 * deviation * Math.Pow(units.Length, -0.2), LeastWidth, MostWidth);
    }

    private static double DrawNear(double centre, double width, SeededRandom random)
    {
        while (true)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            double unit = centre + width * radius * Math.Cos(2 * Math.PI * random.NextDouble());
            if (unit is >= 0 and <= 1)
                return unit;
        }
    }

    // The normal distribution function from the error function of Abramowitz and Stegun (1964), 7.1.26: 1.5e-7, far below what a width is
    // known to.
    private static double NormalShare(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2), t = 1 / (1 + 0.3275911 * x);
        double tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x);
        return z >= 0 ? 1 - tail / 2 : tail / 2;
    }
}
