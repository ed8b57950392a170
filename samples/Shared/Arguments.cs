using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Reflection;

/// <summary>
/// The command line as properties: <c>--memory-slots 128</c> sets MemorySlots on everything that has it, the sample's settings and each
/// trainer's options; <c>--lstm.controller-size 256</c> sets it on what is called lstm only. <c>--help</c> lists them all, with their
/// defaults and what <see cref="System.ComponentModel.DescriptionAttribute"/> says.
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
        Setting[] settings = [.. Settings(targets)];
        foreach (Setting setting in settings)
            root.Options.Add(setting.Option);
        bool goOn = false;
        root.SetAction(parsed =>
        {
            foreach (Setting setting in settings)
                setting.Set(parsed.GetResult(setting.Option));
            goOn = true;
        });
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = false;
        int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return goOn ? null : parsed.Errors.Count > 0 ? 2 : code;
    }

    // First every property by its own name, then each target's by the target's, where there are several.
    private static IEnumerable<Setting> Settings((string Name, object Target)[] targets)
    {
        var places = from target in targets
                     from property in target.Target.GetType().GetProperties()
                     where property.CanWrite && TypeDescriptor.GetConverter(property.PropertyType).CanConvertFrom(typeof(string))
                     select (target.Name, Place: new Place(target.Target, property));
        foreach (var same in places.GroupBy(place => place.Place.Property.Name))
            yield return new Setting($"--{Dashed(same.Key)}", [.. same.Select(place => place.Place)], hidden: false);
        if (targets.Length == 1)
            yield break;
        foreach ((string name, Place place) in places)
            yield return new Setting($"--{name}.{Dashed(place.Property.Name)}", [place], hidden: true);
    }

    // MemorySlots: memory-slots
    private static string Dashed(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private sealed record Place(object Target, PropertyInfo Property);

    private sealed class Setting
    {
        private readonly Place[] _places;

        public Setting(string name, Place[] places, bool hidden)
        {
            _places = places;
            Type type = Nullable.GetUnderlyingType(places[0].Property.PropertyType) ?? places[0].Property.PropertyType;
            Option = new Option<string?>(name)
            {
                Description = places[0].Property.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()?.Description ?? "",
                HelpName = type.IsEnum ? string.Join('|', Enum.GetNames(type)) : type == typeof(bool) ? "true|false" : type.Name,
                Arity = type == typeof(bool) ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
                DefaultValueFactory = _ => $"{places[0].Property.GetValue(places[0].Target)}",
                Hidden = hidden,
            };
            Option.Validators.Add(Check);
        }

        public Option<string?> Option { get; }

        // Nothing where the flag was not given.
        public void Set(OptionResult? result)
        {
            if (result is null || result.Implicit)
                return;
            foreach (Place place in _places)
                place.Property.SetValue(place.Target, Value(place.Property.PropertyType, Text(result)));
        }

        private void Check(OptionResult result)
        {
            if (result.Implicit)
                return;
            try
            {
                Value(_places[0].Property.PropertyType, Text(result));
            }
            catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
            {
                result.AddError($"{Option.Name} cannot be '{Text(result)}': {fault.Message}");
            }
        }

        // A flag alone says yes.
        private static string Text(OptionResult result) => result.Tokens.Count == 0 ? "true" : result.Tokens[^1].Value;

        private static object? Value(Type type, string text) => TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
    }
}
