using System.Globalization;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>A trainer's options with some of them changed.</summary>
internal static class OptionsCopy
{
    /// <summary>A copy of <paramref name="options"/> with the values of a trial.</summary>
    /// <exception cref="ArgumentException">There is no such option, or it cannot have such a value.</exception>
    public static TOptions With<TOptions>(TOptions options, IReadOnlyDictionary<string, object> values)
        where TOptions : SequenceTrainerOptions
    {
        var copy = (TOptions)options.Copy();
        foreach ((string name, object value) in values)
        {
            if (typeof(TOptions).GetProperty(name) is not { SetMethod.IsPublic: true } property)
                throw new ArgumentException($"The sweep's space names '{name}', but the options have no such member that can be set.",
                    nameof(values));
            property.SetValue(copy, Convert(name, value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
        }
        return copy;
    }

    private static object Convert(string name, object value, Type type)
    {
        if (type.IsInstanceOfType(value))
            return value;
        try
        {
            return type.IsEnum && value is string text ? Enum.Parse(type, text)
                : System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is InvalidCastException or FormatException or OverflowException or ArgumentException)
        {
            throw new ArgumentException($"The option '{name}' is of type {type.Name} and cannot be {value}.", nameof(value), fault);
        }
    }
}
