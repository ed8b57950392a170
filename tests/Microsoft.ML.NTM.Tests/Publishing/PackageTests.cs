using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>What the library's package holds and says of itself.</summary>
[TestClass]
public sealed class PackageTests
{
    private const string Fork = "https://example.org/fork.git";

    private static readonly string[] s_files =
    [
        "README.md", "buildTransitive/net10.0/Microsoft.ML.NTM.targets", "buildTransitive/net10.0/RelaxTorchSharpTask.cs", "icon.png",
        "lib/net10.0/Microsoft.ML.NTM.dll", "lib/net10.0/Microsoft.ML.NTM.xml",
    ];

    public required TestContext TestContext { get; set; }

    // A project for net8.0 gets NU1202 because nothing in the package is for it.
    [TestMethod]
    public void ThePackageIsForNet10OnlyAndTheSymbolsAreBesideIt()
    {
        string folder = Pack();

        Assert.AreSequenceEqual(s_files, Entries(folder, "*.nupkg"));
        Assert.AreSequenceEqual(["lib/net10.0/Microsoft.ML.NTM.pdb"], Entries(folder, "*.snupkg"));
    }

    [TestMethod]
    public void AForkSaysWhereItIs()
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(Pack(), "*.nupkg").Single());
        using Stream specification = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement metadata = XDocument.Load(specification).Root!.Elements().First();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.AreEqual(Fork, Value("projectUrl"));
        Assert.AreEqual(Fork, metadata.Elements().Single(element => element.Name.LocalName == "repository").Attribute("url")?.Value);
        Assert.AreEqual("icon.png", Value("icon"));
        Assert.AreEqual("README.md", Value("readme"));
        StringAssert.Contains(Value("tags"), "neural-turing-machine");
        StringAssert.StartsWith(Value("releaseNotes"), "## ");
    }

    private string Pack()
    {
        string folder = Path.Combine(TestContext.TestRunDirectory!, Path.GetRandomFileName());
        string configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string project = Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM", "Microsoft.ML.NTM.csproj");
        (int exitCode, string output) = ChildProcess.Run("dotnet", "pack", project, "--no-build", "-c", configuration, "-o", folder,
            "-nodeReuse:false", $"-p:RepositoryUrl={Fork}");
        Assert.AreEqual(0, exitCode, output);
        return folder;
    }

    // Without what every package has.
    private static string[] Entries(string folder, string pattern)
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(folder, pattern).Single());
        return [.. package.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)
            .Where(name => !name.StartsWith("_rels", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal))];
    }
}
