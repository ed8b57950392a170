using System.ComponentModel;
using System.Reflection;

/// <summary>
/// The command line as properties: <c>--memory-slots 128</c> sets MemorySlots on everything that has it, the sample's settings and each
/// trainer's options; <c>--lstm.controller-size 256</c> sets it on what is called lstm only.
/// </summary>
internal static class Flags
{
    /// <exception cref="ArgumentException">Nothing has the property, or the value is not one of it.</exception>
    public static void Apply(string[] arguments, params (string Name, object Target)[] targets)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string flag = arguments[i];
            bool alone = i + 1 == arguments.Length || arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            string value = alone ? "true" : arguments[++i];
            string[] parts = flag.TrimStart('-').Replace("-", "").Split('.');
            (object Target, PropertyInfo Property)[] places = [.. from target in targets
                where parts.Length == 1 || target.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)
                let property = Settable(target.Target).FirstOrDefault(property => property.Name.Equals(parts[^1], StringComparison.OrdinalIgnoreCase))
                where property is not null
                select (target.Target, property)];
            if (!flag.StartsWith("--", StringComparison.Ordinal) || places.Length == 0)
                throw new ArgumentException($"{flag} is not known. {Known(targets)}");
            foreach ((object target, PropertyInfo property) in places)
                property.SetValue(target, Convert(flag, value, property.PropertyType));
        }
    }

    private static IEnumerable<PropertyInfo> Settable(object target) => target.GetType().GetProperties()
        .Where(property => property.CanWrite && TypeDescriptor.GetConverter(property.PropertyType).CanConvertFrom(typeof(string)));

    private static object? Convert(string flag, string value, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"{flag} cannot be '{value}': {fault.Message}", fault);
        }
    }

    private static string Known((string Name, object Target)[] targets) => string.Join(' ', targets.Select(target =>
        $"Of {target.Name}: {string.Join(", ", Settable(target.Target).Select(property => property.Name))}."));
}
