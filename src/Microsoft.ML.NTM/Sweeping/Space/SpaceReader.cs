using System.Reflection;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>A space from ML.NET's search attributes, read as AutoML reads them: a whole number's maximum is not included.</summary>
internal static class SpaceReader
{
    /// <summary>The swept members of <paramref name="options"/>, in their order; each starts at the value it has there.</summary>
    public static SweepSpace Read(object options)
    {
        SweepSpace space = SweepSpace.Empty;
        foreach (PropertyInfo property in options.GetType().GetProperties())
        {
            object? start = property.GetValue(options);
            foreach (Attribute attribute in property.GetCustomAttributes())
            {
                if (attribute is RangeAttribute range)
                    space = space.With(Range(property, range, Convert.ToDouble(start)));
                else if (attribute is ChoiceAttribute choice)
                    space = space.With(SweepParameter.Choice(property.Name, choice.Candidates, start ?? choice.DefaultValue));
                else if (attribute is BooleanChoiceAttribute)
                    space = space.With(SweepParameter.Choice(property.Name, [false, true], start ?? false));
            }
        }
        return space;
    }

    // A start outside the bounds widens them: whoever set it wants it tried.
    private static SweepParameter Range(PropertyInfo property, RangeAttribute range, double start)
    {
        bool whole = range.Min is int or long;
        double minimum = Convert.ToDouble(range.Min), maximum = Convert.ToDouble(range.Max) - (whole ? 1 : 0);
        return SweepParameter.Range(property.Name, Math.Min(minimum, start), Math.Max(maximum, start), start, range.LogBase, whole);
    }
}
