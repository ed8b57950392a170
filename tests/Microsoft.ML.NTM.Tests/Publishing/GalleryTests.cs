using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>What a gallery and an editor show of the packages.</summary>
[TestClass]
public sealed partial class GalleryTests
{
    private static readonly string[] s_libraries =
    [
        "Microsoft.ML.NTM", "Microsoft.ML.NTM.Onnx", "Microsoft.ML.NTM.Plotting", "Microsoft.ML.NTM.Tasks",
        "Microsoft.ML.NTM.Sweeps.Orleans",
    ];

    [TestMethod]
    public void PackagesShowReadmeIconTagsAndNotes()
    {
        using var feed = new Feed([.. s_libraries, "Microsoft.ML.NTM.Templates"]);
        foreach (string project in s_libraries.Append("Microsoft.ML.NTM.Templates"))
        {
            using ZipArchive package = ZipFile.OpenRead(feed.PathOf(project));
            string readme = Text(package, "README.md");
            XElement metadata = XDocument.Parse(Text(package, project + ".nuspec")).Root!.Elements().First();
            string Of(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value ?? "";

            Assert.AreEqual("README.md", Of("readme"));
            Assert.AreEqual("MIT", Of("license"));
            Assert.IsNotNull(package.GetEntry(Of("icon")), project);
            StringAssert.Contains(Of("tags"), "ml.net");
            StringAssert.Contains(Of("releaseNotes"), "## 0.1.0");
            Assert.IsGreaterThan(30, Of("description").Length);
            // A gallery follows absolute links only.
            StringAssert.Contains(readme, "](https://pictures.test/here/samples/CopyTask/copy.svg)");
            Assert.IsEmpty(RelativeLink().Matches(readme));
        }
        foreach (string project in s_libraries)
            Assert.IsTrue(File.Exists(Path.ChangeExtension(feed.PathOf(project), ".snupkg")), project);
    }

    /// <summary>An editor completes what a program can name, and nothing else is in the way.</summary>
    [TestMethod]
    public void DocumentationHoldsWhatIsPublicAndAllOfIt()
    {
        foreach (string library in s_libraries)
        {
            Assembly assembly = Assembly.Load(library);
            string[] ids = [.. XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
                .Select(member => member.Attribute("name")!.Value)];
            HashSet<string> visible = [.. assembly.GetTypes().Where(type => type.IsVisible).SelectMany(Names)];

            string[] hidden = [.. ids.Where(id => !visible.Contains(Named(id)) && !id.Contains(".<G>$", StringComparison.Ordinal))];
            string[] missing = [.. assembly.GetExportedTypes().Where(type => !type.Name.StartsWith('<'))
                .Select(type => "T:" + type.FullName!.Replace('+', '.')).Except(ids)
                .Where(id => !id.Contains("OrleansCodeGen", StringComparison.Ordinal))];

            Assert.IsEmpty(hidden, $"{library}: {string.Join(", ", hidden.Take(9))}");
            Assert.IsEmpty(missing, $"{library}: {string.Join(", ", missing.Take(9))}");
        }
    }

    // A type, and its members that are visible outside.
    private static IEnumerable<string> Names(Type type)
    {
        string name = Plain(type.FullName!.Replace('+', '.'));
        yield return name;
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
            | BindingFlags.Instance;
        foreach (MemberInfo member in type.GetMembers(All).Where(IsVisible))
            yield return $"{name}.{member.Name.Replace('.', '#')}";
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo raised => IsVisible(raised.AddMethod!),
        Type nested => nested.IsVisible,
        _ => false,
    };

    private static string Named(string id) => Plain(id[2..].Split('(')[0]);

    private static string Plain(string name) => Arity().Replace(name, "");

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex("``?\\d+")]
    private static partial Regex Arity();

    [GeneratedRegex(@"\]\((?!https?:|#)[^)]*\)")]
    private static partial Regex RelativeLink();
}
