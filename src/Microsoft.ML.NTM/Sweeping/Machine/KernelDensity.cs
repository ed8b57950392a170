using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// A density over a space from some of its points: a mixture of one kernel around each and one that is even over the whole space. A kernel
/// is a product of normal densities, cut at 0 and 1, over where numbers stand in their ranges, and of choices that mostly stay as they are.
/// </summary>
internal sealed class KernelDensity
{
    // A choice is drawn anew with this probability.
    private const double OtherChoice = 0.25, MostWidth = 0.5;

    private readonly SweepSpace _space;
    private readonly double[][] _points;
    private readonly double _leastWidth;
    private readonly double[] _widths;

    // What of a kernel does not depend on the point that is asked for: centres between 0 and 1, and the logarithms of what scales each
    // normal density to one over the range; [point, parameter], and NaN where a point has no value.
    private readonly double[] _centres, _scales;

    // Of a choice: the logarithms of the even share, of the kernel's own choice and of another; [parameter].
    private readonly (double Even, double Own, double Other)[] _choices;
    private readonly bool[] _isChoice;
    private readonly double[] _at, _logs;

    /// <summary>A density from points.</summary>
    /// <param name="space">The space.</param>
    /// <param name="points">Its points.</param>
    /// <param name="leastWidth">No kernel is narrower, as a share of a range: points that happen to be close are left again.</param>
    public KernelDensity(SweepSpace space, double[][] points, double leastWidth)
    {
        (_space, _points, _leastWidth) = (space, points, leastWidth);
        int parameters = space.Parameters.Count;
        _centres = new double[points.Length * parameters];
        _scales = new double[points.Length * parameters];
        _choices = [.. space.Parameters.Select(ChoiceOf)];
        _isChoice = [.. space.Parameters.Select(parameter => parameter.IsChoice)];
        for (int k = 0; k < points.Length; k++)
            Units(points[k], _centres.AsSpan(k * parameters, parameters));
        _widths = [.. Enumerable.Range(0, parameters).Select(Width)];
        for (int k = 0; k < _scales.Length; k++)
        {
            double from = _centres[k], width = _widths[k % parameters];
            if (_isChoice[k % parameters] || double.IsNaN(from))
                continue;
            double mass = NormalShare((1 - from) / width) - NormalShare(-from / width);
            _scales[k] = Math.Log(width * Math.Sqrt(2 * Math.PI) * mass);
        }
        _at = new double[parameters];
        _logs = new double[points.Length + 1];
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
        Units(point, _at);
        for (int k = 0; k < _points.Length; k++)
            _logs[k] = LogKernel(point, k);
        double even = 0;
        for (int i = 0; i < point.Length; i++)
            even += double.IsNaN(point[i]) || !_isChoice[i] ? 0 : _choices[i].Even;
        _logs[^1] = even;
        double most = _logs.Max(), sum = 0;
        foreach (double log in _logs)
            sum += Math.Exp(log - most);
        return most + Math.Log(sum / _logs.Length);
    }

    private double LogKernel(double[] point, int kernel)
    {
        double[] centre = _points[kernel];
        int row = kernel * point.Length;
        double log = 0;
        for (int i = 0; i < point.Length; i++)
        {
            if (double.IsNaN(point[i]))
                continue;
            if (_isChoice[i])
                log += double.IsNaN(centre[i]) ? _choices[i].Even : point[i] == centre[i] ? _choices[i].Own : _choices[i].Other;
            else if (!double.IsNaN(centre[i]))
            {
                double z = (_at[i] - _centres[row + i]) / _widths[i];
                log += -0.5 * z * z - _scales[row + i];
            }
        }
        return log;
    }

    private static (double Even, double Own, double Other) ChoiceOf(SweepParameter parameter)
    {
        double even = 1.0 / Math.Max(1, parameter.Choices.Count);
        return (Math.Log(even), Math.Log(OtherChoice * even + (1 - OtherChoice)), Math.Log(OtherChoice * even));
    }

    private void Units(double[] point, Span<double> units)
    {
        for (int i = 0; i < point.Length; i++)
            units[i] = double.IsNaN(point[i]) || _isChoice[i] ? point[i] : _space.Parameters[i].ToUnit(point[i]);
    }

    // Scott's rule (1992) over the points that have a value.
    private double Width(int index)
    {
        if (_isChoice[index])
            return MostWidth;
        double[] units = [.. Enumerable.Range(0, _points.Length).Select(k => _centres[k * _isChoice.Length + index])
            .Where(unit => !double.IsNaN(unit))];
        if (units.Length < 2)
            return MostWidth;
        double mean = units.Average();
        double deviation = Math.Sqrt(units.Sum(unit => (unit - mean) * (unit - mean)) / (units.Length - 1));
        return Math.Clamp(1.06 * deviation * Math.Pow(units.Length, -0.2), _leastWidth, MostWidth);
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
