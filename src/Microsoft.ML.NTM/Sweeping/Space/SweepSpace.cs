using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

/// <summary>
/// What a sweep varies and between which bounds. Read from a trainer's options (<see cref="Of{TOptions}"/>, <see cref="Full{TOptions}"/>),
/// or built up from <see cref="Empty"/>. Every method gives a new space; a name that is there already is replaced.
/// </summary>
/// <example><c>SweepSpace.Of&lt;LstmTrainer.Options&gt;().Without("Optimizer").Range("ControllerLayers", 1, 3, start: 1)</c></example>
public sealed class SweepSpace
{
    private SweepSpace(IReadOnlyList<SweepParameter> parameters) => Parameters = parameters;

    /// <summary>A space that varies nothing.</summary>
    public static SweepSpace Empty { get; } = new([]);

    /// <summary>The parameters, those that others depend on first.</summary>
    public IReadOnlyList<SweepParameter> Parameters { get; }

    /// <summary>
    /// The options that matter most: those of <typeparamref name="TOptions"/> with ML.NET's search attributes, within their bounds.
    /// </summary>
    public static SweepSpace Of<TOptions>()
        where TOptions : new() => SpaceReader.Read(new TOptions());

    /// <summary>
    /// Everything that can sensibly be swept in the trainer: <see cref="Of{TOptions}"/>, and the kinds and numbers of layers and heads,
    /// memory rules and gradient clipping. It needs many more trials.
    /// </summary>
    public static SweepSpace Full<TOptions>()
        where TOptions : SequenceTrainerOptions, new() => FullSpace.Extend(Of<TOptions>(), new TOptions());

    /// <summary>With whole numbers from <paramref name="minimum"/> to <paramref name="maximum"/>, both included.</summary>
    /// <inheritdoc cref="Range(string, int, int, int, bool)"/>
    public SweepSpace Range(string name, int minimum, int maximum, int start) => Range(name, minimum, maximum, start, logarithmic: false);

    /// <summary>With whole numbers from <paramref name="minimum"/> to <paramref name="maximum"/>, both included.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="minimum">The smallest number.</param>
    /// <param name="maximum">The largest number.</param>
    /// <param name="start">The first trial's.</param>
    /// <param name="logarithmic">Whether to draw evenly over the logarithm.</param>
    /// <exception cref="ArgumentException">The bounds or the start are not usable.</exception>
    public SweepSpace Range(string name, int minimum, int maximum, int start, bool logarithmic) =>
        With(SweepParameter.Range(name, minimum, maximum, start, logarithmic, wholeNumbers: true));

    /// <summary>With numbers from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    /// <inheritdoc cref="Range(string, int, int, int, bool)"/>
    public SweepSpace Range(string name, double minimum, double maximum, double start) =>
        Range(name, minimum, maximum, start, logarithmic: false);

    /// <summary>With numbers from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    /// <inheritdoc cref="Range(string, int, int, int, bool)"/>
    public SweepSpace Range(string name, double minimum, double maximum, double start, bool logarithmic) =>
        With(SweepParameter.Range(name, minimum, maximum, start, logarithmic, wholeNumbers: false));

    /// <summary>With a choice between <paramref name="start"/>, which the first trial has, and <paramref name="others"/>.</summary>
    /// <exception cref="ArgumentException">A choice is there twice.</exception>
    public SweepSpace Choice<T>(string name, T start, params T[] others)
        where T : notnull => With(SweepParameter.Choice(name, [start, .. others], start));

    /// <summary>
    /// The parameter has a value only where <paramref name="other"/> has one of <paramref name="values"/>; else the trial keeps its
    /// default.
    /// </summary>
    /// <param name="name">The parameter that depends.</param>
    /// <param name="other">The choice that it depends on, which must come before it.</param>
    /// <param name="values">Values of <paramref name="other"/>.</param>
    /// <exception cref="ArgumentException">One of the two is missing, or <paramref name="other"/> is no choice or comes later.</exception>
    public SweepSpace OnlyWhen(string name, string other, params object[] values)
    {
        int index = IndexOf(name), before = IndexOf(other);
        if (index < 0 || before < 0 || before >= index || !Parameters[before].IsChoice)
            throw new ArgumentException($"'{name}' can depend only on a choice that comes before it; '{other}' is none in [{Names()}].",
                nameof(other));
        foreach (object value in values)
            Parameters[before].ToNumber(value);
        return Replace(index, Parameters[index].When(other, values));
    }

    /// <summary>The space without <paramref name="name"/>, and without what depends on it.</summary>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public SweepSpace Without(string name) => IndexOf(name) >= 0
        ? new([.. Parameters.Where(parameter => parameter.Name != name && parameter.OnlyWhen != name)])
        : throw new ArgumentException($"The sweep's space has no parameter '{name}'; it has [{Names()}].", nameof(name));

    /// <summary>The position of a parameter, or -1.</summary>
    internal int IndexOf(string name)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Name == name)
                return i;
        }
        return -1;
    }

    /// <summary>Whether parameter <paramref name="index"/> has a value at a point whose earlier values are set.</summary>
    internal bool IsActive(int index, double[] point)
    {
        SweepParameter parameter = Parameters[index];
        if (parameter.OnlyWhen is not { } other)
            return true;
        int before = IndexOf(other);
        return !double.IsNaN(point[before]) && parameter.OnlyWhenValues.Any(value => Parameters[before].ToNumber(value) == point[before]);
    }

    /// <summary>The point of the first trial.</summary>
    internal double[] Start => Settle([.. Parameters.Select(parameter => parameter.Start)]);

    /// <summary>Takes the values from what has none at this point.</summary>
    internal double[] Settle(double[] point)
    {
        for (int i = 0; i < point.Length; i++)
        {
            if (!IsActive(i, point))
                point[i] = double.NaN;
        }
        return point;
    }

    /// <summary>The start with some values changed.</summary>
    /// <exception cref="ArgumentException">A name or a value is none of the space's.</exception>
    internal double[] PointOf(IReadOnlyDictionary<string, object> values)
    {
        double[] point = [.. Parameters.Select(parameter => parameter.Start)];
        foreach ((string name, object value) in values)
        {
            int index = IndexOf(name);
            if (index < 0)
                throw new ArgumentException($"The sweep's space has no parameter '{name}'; it has [{Names()}].", nameof(values));
            point[index] = Parameters[index].ToNumber(value);
        }
        return Settle(point);
    }

    /// <summary>A point's values by name, in the space's order; what has no value is left out.</summary>
    internal IReadOnlyDictionary<string, object> ValuesOf(double[] point)
    {
        var values = new OrderedDictionary<string, object>();
        for (int i = 0; i < point.Length; i++)
        {
            if (!double.IsNaN(point[i]))
                values.Add(Parameters[i].Name, Parameters[i].ToValue(point[i]));
        }
        return values;
    }

    /// <summary>What tells spaces apart.</summary>
    internal string Describe() => string.Join("; ", Parameters.Select(parameter => FormattableString.Invariant(
        $"{parameter.Name} {parameter.Minimum:R}..{parameter.Maximum:R} from {parameter.Start:R}")
        + (parameter.Logarithmic ? " log" : "") + (parameter.WholeNumbers ? " whole" : "")
        + (parameter.IsChoice ? $" [{string.Join(",", parameter.Choices)}]" : "")
        + (parameter.OnlyWhen is null ? "" : $" when {parameter.OnlyWhen} is {string.Join(",", parameter.OnlyWhenValues)}")));

    internal SweepSpace With(SweepParameter parameter) =>
        IndexOf(parameter.Name) is >= 0 and int index ? Replace(index, parameter) : new([.. Parameters, parameter]);

    private SweepSpace Replace(int index, SweepParameter parameter) =>
        new([.. Parameters.Select((old, i) => i == index ? parameter : old)]);

    private string Names() => string.Join(", ", Parameters.Select(parameter => parameter.Name));
}
