using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Reflection;

/// <summary>
/// The command line as properties: <c>--memory-slots 128</c> sets MemorySlots on everything that has it, the sample's settings and each
/// trainer's options; <c>--lstm.controller-size 256</c> sets it on what is called lstm only. <c>--help</c> lists them all, with their
/// defaults and what <see cref="System.ComponentModel.DescriptionAttribute"/> or the documentation says.
/// </summary>
internal static class Arguments
{
    /// <summary>
    /// Sets what the arguments say. The answer is null where the program is to go on, or its exit code: 0 after --help, 2 after something
    /// that cannot be set, which has then been named.
    /// </summary>
    public static int? Read(string[] arguments, string description, params (string Name, object Target)[] targets) =>
        Read(arguments, description, Console.Out, Console.Error, targets);

    /// <inheritdoc cref="Read(string[], string, ValueTuple{string, object}[])"/>
    public static int? Read(
        string[] arguments, string description, TextWriter output, TextWriter errors, params (string Name, object Target)[] targets)
    {
        var root = new RootCommand(description);
        (Option<string?> Option, Action<string> Set)[] settings = [.. Settings(targets)];
        foreach (var setting in settings)
            root.Options.Add(setting.Option);
        bool goOn = false;
        root.SetAction(parsed =>
        {
            foreach ((Option<string?> option, Action<string> set) in settings)
            {
                if (parsed.GetResult(option) is { Implicit: false } said)
                    set(Text(said));
            }
            goOn = true;
        });
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = false;
        int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return goOn ? null : parsed.Errors.Count > 0 ? 2 : code;
    }

    // First every property by its own name, then each target's by the target's, where there are several.
    private static IEnumerable<(Option<string?>, Action<string>)> Settings((string Name, object Target)[] targets)
    {
        var places = from target in targets
                     from property in target.Target.GetType().GetProperties()
                     where property.CanWrite && TypeDescriptor.GetConverter(property.PropertyType).CanConvertFrom(typeof(string))
                     select (target.Name, Place: new Place(target.Target, property));
        foreach (var same in places.GroupBy(place => place.Place.Property.Name))
            yield return Setting($"--{Dashed(same.Key)}", hidden: false, [.. same.Select(place => place.Place)]);
        foreach ((string name, Place place) in targets.Length == 1 ? [] : places)
            yield return Setting($"--{name}.{Dashed(place.Property.Name)}", hidden: true, place);
    }

    private static (Option<string?> Option, Action<string> Set) Setting(string name, bool hidden, params Place[] places)
    {
        PropertyInfo first = places[0].Property;
        Type type = Nullable.GetUnderlyingType(first.PropertyType) ?? first.PropertyType;
        var option = new Option<string?>(name)
        {
            Description = first.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()?.Description
                ?? Summaries.Of(first),
            HelpName = type.IsEnum ? string.Join('|', Enum.GetNames(type)) : type == typeof(bool) ? "true|false" : type.Name,
            Arity = type == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => $"{first.GetValue(places[0].Target)}",
            Hidden = hidden,
        };
        option.Validators.Add(said =>
        {
            try
            {
                _ = said.Implicit ? null : Value(first, Text(said));
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
            {
                said.AddError($"{name} cannot be '{Text(said)}': {fault.Message}");
            }
        });
        return (option, text => Array.ForEach(places, place => place.Property.SetValue(place.Target, Value(place.Property, text))));
    }

    // A flag alone says yes.
    private static string Text(OptionResult said) => said.Tokens.Count == 0 ? "true" : said.Tokens[^1].Value;

    private static object? Value(PropertyInfo of, string text) =>
        TypeDescriptor.GetConverter(of.PropertyType).ConvertFromInvariantString(text);

    // MemorySlots: memory-slots
    private static string Dashed(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private sealed record Place(object Target, PropertyInfo Property);
}
