using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

/// <summary>What a library's documentation file says about its properties, for --help.</summary>
internal static partial class Summaries
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> s_files = [];

    /// <summary>The first sentence; empty where there is no documentation.</summary>
    public static string Of(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        if (!s_files.TryGetValue(type.Assembly, out var members))
        {
            string file = Path.ChangeExtension(type.Assembly.Location, ".xml");
            s_files[type.Assembly] = members = File.Exists(file) ? XDocument.Load(file).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!) : [];
        }
        return members.TryGetValue($"P:{type.FullName!.Replace('+', '.')}.{property.Name}", out XElement? summary)
            ? FirstSentence().Match(Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim()).Value : "";
    }

    // What is referred to goes by its last name.
    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Value: "" } see => see.Attribute("cref")?.Value.Split('(')[0].Split('.')[^1] ?? "",
        XElement other => other.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^.*?(\.(?= )|\.?$)")]
    private static partial Regex FirstSentence();
}
