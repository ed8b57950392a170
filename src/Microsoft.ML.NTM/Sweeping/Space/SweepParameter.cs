using System.Collections.ObjectModel;
using System.Globalization;

namespace Microsoft.ML.NTM;

/// <summary>One thing that a sweep varies: a number between two bounds, or one of several choices.</summary>
/// <remarks>
/// Made by <see cref="SweepSpace"/>. Inside a sweep a value is one Double: the number itself, or the index of the choice.
/// </remarks>
public sealed record SweepParameter
{
    private SweepParameter(string name) => Name = name;

    /// <summary>What it is called: the name of the trainer's option where options are swept.</summary>
    public string Name { get; }

    /// <summary>Smallest number; 0 for a choice.</summary>
    public double Minimum { get; private init; }

    /// <summary>Largest number, itself included; the last index for a choice.</summary>
    public double Maximum { get; private init; }

    /// <summary>Whether numbers are drawn evenly over their logarithm rather than over themselves.</summary>
    public bool Logarithmic { get; private init; }

    /// <summary>Whether only whole numbers are drawn.</summary>
    public bool WholeNumbers { get; private init; }

    /// <summary>What there is to choose from; empty for a number.</summary>
    public IReadOnlyList<object> Choices { get; private init; } = ReadOnlyCollection<object>.Empty;

    /// <summary>The value that the first trial has, as one Double.</summary>
    internal double Start { get; private init; }

    /// <summary>The name of the parameter that decides whether this one has a value; null: it always has.</summary>
    public string? OnlyWhen { get; private init; }

    /// <summary>The values of <see cref="OnlyWhen"/> with which this parameter has a value; empty without it.</summary>
    public IReadOnlyList<object> OnlyWhenValues { get; private init; } = ReadOnlyCollection<object>.Empty;

    // Where the range begins and ends on the scale that is drawn on.
    private double Low { get; init; }

    private double High { get; init; }

    /// <summary>Whether it is one of several choices.</summary>
    internal bool IsChoice => Choices.Count > 0;

    internal static SweepParameter Range(string name, double minimum, double maximum, double start, bool logarithmic, bool wholeNumbers)
    {
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum) || minimum >= maximum)
            throw Fault(name, $"the minimum must be below the maximum; they are {Text(minimum)} and {Text(maximum)}");
        if (logarithmic && minimum <= 0)
            throw Fault(name, $"a logarithmic range must start above 0; it starts at {Text(minimum)}");
        if (!(start >= minimum && start <= maximum))
            throw Fault(name, $"the start must lie from {Text(minimum)} to {Text(maximum)}; it is {Text(start)}");
        return Bounded(new(name)
        {
            Minimum = minimum,
            Maximum = maximum,
            Start = start,
            Logarithmic = logarithmic,
            WholeNumbers = wholeNumbers,
        });
    }

    internal static SweepParameter Choice(string name, IReadOnlyList<object> choices, object start)
    {
        if (choices.Count == 0 || choices.Distinct().Count() < choices.Count)
            throw Fault(name, $"there must be at least one choice and none twice; they are {string.Join(", ", choices.Select(Text))}");
        int index = choices.ToList().IndexOf(start);
        return index >= 0
            ? Bounded(new(name) { Maximum = choices.Count - 1, Start = index, WholeNumbers = true, Choices = [.. choices] })
            : throw Fault(name, $"the start must be one of {string.Join(", ", choices.Select(Text))}; it is {Text(start)}");
    }

    internal SweepParameter When(string other, IReadOnlyList<object> values) =>
        this with { OnlyWhen = other, OnlyWhenValues = [.. values] };

    /// <summary>
    /// Where a value stands between 0 and 1, evenly over what is drawn. A whole number stands in the middle of its share.
    /// </summary>
    internal double ToUnit(double value) => Math.Clamp((Scale(value) - Low) / (High - Low), 0, 1);

    /// <summary>The value at <paramref name="unit"/>, 0 to 1.</summary>
    internal double FromUnit(double unit)
    {
        double scaled = Low + unit * (High - Low);
        double value = Logarithmic ? Math.Exp(scaled) : scaled;
        return Math.Clamp(WholeNumbers ? Math.Round(value) : value, Minimum, Maximum);
    }

    /// <summary>The Double that stands for <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">It is not a choice, or not a number in the range.</exception>
    internal double ToNumber(object value)
    {
        if (IsChoice)
        {
            int index = Choices.ToList().FindIndex(choice => choice.Equals(value) || Text(choice) == Text(value));
            return index >= 0 ? index
                : throw Fault(Name, $"the value must be one of {string.Join(", ", Choices.Select(Text))}; it is {Text(value)}");
        }
        double number;
        try
        {
            number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is FormatException or InvalidCastException or OverflowException)
        {
            throw Fault(Name, $"the value must be a number; it is {Text(value)}");
        }
        return number >= Minimum && number <= Maximum && (!WholeNumbers || number == Math.Round(number)) ? number
            : throw Fault(Name, $"the value must be {(WholeNumbers ? "a whole number " : "")}from {Text(Minimum)} to {Text(Maximum)}; "
                + $"it is {Text(number)}");
    }

    /// <summary>What <paramref name="number"/> stands for: a choice, an Int32 or a Double.</summary>
    internal object ToValue(double number) => IsChoice ? Choices[(int)number] : WholeNumbers ? (object)(int)number : number;

    /// <summary>What <paramref name="number"/> stands for, in words.</summary>
    internal string ToText(double number) => double.IsNaN(number) ? "" : Text(ToValue(number));

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private double Scale(double value) => Logarithmic ? Math.Log(value) : value;

    // Whole numbers have half a number more at each end, so that the outer ones are drawn as often as the others.
    private static SweepParameter Bounded(SweepParameter parameter)
    {
        double more = parameter.WholeNumbers ? 0.5 : 0;
        return parameter with { Low = parameter.Scale(parameter.Minimum - more), High = parameter.Scale(parameter.Maximum + more) };
    }

    private static ArgumentException Fault(string name, string what) =>
        new($"The sweep's parameter '{name}' cannot be used: {what}.", nameof(name));
}
