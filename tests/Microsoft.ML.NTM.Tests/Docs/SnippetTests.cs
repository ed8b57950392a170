using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Docs;

/// <summary>
/// What README and guides show is code that is compiled and run: every C# block of a page stands, but for its indentation, in a sample
/// or in a test of the folder <c>Snippets</c>.
/// </summary>
[TestClass]
public sealed partial class SnippetTests
{
    public static IEnumerable<object[]> Pages =>
        [["README.md"], .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs", "guide"), "*.md")
            .Select(path => new object[] { Path.GetRelativePath(SourceTree.Root, path) })];

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void EveryBlockOfCodeIsCompiledAndRun(string page)
    {
        string[] sources = [.. Sources().Select(path => Flat(File.ReadAllText(path)))];
        foreach (Match block in Block().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, page))))
        {
            string code = Flat(block.Groups["code"].Value);
            Assert.IsTrue(sources.Any(source => source.Contains(code, StringComparison.Ordinal)), $"{page} shows what is nowhere:\n{code}");
        }
    }

    [TestMethod]
    public void ReadmeIsShort()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "README.md"));
        Assert.IsLessThanOrEqualTo(200, lines.Length);
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Docs", "Snippets"), "*.cs"));

    private static string Flat(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
