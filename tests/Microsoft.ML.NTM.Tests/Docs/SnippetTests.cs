using System.Net;
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

    /// <summary>What IntelliSense shows as an example stands there, too, but need not be run.</summary>
    [TestMethod]
    public void EveryExampleOfTheReferenceIsCompiled()
    {
        string[] sources = [.. Sources().Select(path => Flat(File.ReadAllText(path)))];
        string[] examples = [.. CSharpFiles("src").SelectMany(path => Examples(File.ReadAllText(path)))];

        string[] nowhere = [.. examples.Where(code => !sources.Any(source => source.Contains(code, StringComparison.Ordinal)))];

        Assert.IsEmpty(nowhere, string.Join("\n\n", nowhere));
        Assert.IsGreaterThan(20, examples.Length);
    }

    /// <summary>The calls that users begin with show one.</summary>
    [TestMethod]
    public void EveryWayInHasAnExample()
    {
        string[] without = [.. from path in CSharpFiles("src/Microsoft.ML.NTM/Catalog")
                               from Match call in WayIn().Matches(File.ReadAllText(path))
                               where !call.Groups["doc"].Value.Contains("<example>", StringComparison.Ordinal)
                               select $"{Path.GetFileName(path)}: {call.Groups["name"].Value}"];

        Assert.IsEmpty(without, string.Join('\n', without));
    }

    /// <summary>
    /// Meaning, default and, where it is a number, range; and a sentence more about when to change it: of a number three sentences, of
    /// anything else two.
    /// </summary>
    [TestMethod]
    public void EveryOptionSaysItsRangeAndDefaultAndWhenToChangeIt()
    {
        GroupCollection[] options = [.. from path in CSharpFiles("src/Microsoft.ML.NTM")
                                        where OptionsFile().IsMatch(Path.GetFileName(path))
                                        from Match option in Option().Matches(File.ReadAllText(path))
                                        select option.Groups];

        string[] silent = [.. options.Select(option => (Name: option["name"].Value, Missing: Missing(option["type"].Value,
            option["doc"].Value))).Where(option => option.Missing != "").Select(option => $"{option.Name}: {option.Missing}")];

        Assert.IsEmpty(silent, string.Join('\n', silent));
        Assert.IsGreaterThan(80, options.Length);
    }

    [TestMethod]
    [DataRow("int", "Slots (N), from 1. Default 128. Time grows with it.", "")]
    [DataRow("double?", "Slots (N), from 1. Default 128.", "advice")]
    [DataRow("int", "Slots. Default 128. Time grows with it.", "range")]
    [DataRow("string", "The column. Name it <c>B</c>.", "default")]
    [DataRow("string", "The column. Default <c>A</c>.", "")]
    public void AnOptionThatDoesNotSayIsFound(string type, string doc, string missing) => Assert.AreEqual(missing, Missing(type, doc));

    [TestMethod]
    public void ReadmeIsShort()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "README.md"));
        Assert.IsLessThanOrEqualTo(200, lines.Length);
    }

    // What pages print stands in these files, too, where a test compares it.
    private static IEnumerable<string> Sources() =>
    [
        .. CSharpFiles("samples"), .. CSharpFiles("tests/Microsoft.ML.NTM.Tests/Docs/Snippets"),
        Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Publishing", "Consumers", "FSharpGuide", "Program.fs"),
    ];

    private static IEnumerable<string> CSharpFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<string> Examples(string source) => Example().Matches(source).Select(example =>
        Flat(WebUtility.HtmlDecode(Comment().Replace(example.Groups["code"].Value, ""))));

    private static string Missing(string type, string doc)
    {
        bool number = Number().IsMatch(type);
        int sentences = SentenceEnd().Matches(Comment().Replace(doc, "")).Count;
        return string.Join(", ", new[]
        {
            Default().IsMatch(doc) ? null : "default",
            !number || Bounds().IsMatch(doc) ? null : "range",
            sentences >= (number ? 3 : 2) ? null : "advice",
        }.OfType<string>());
    }

    private static string Flat(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```(csharp|fsharp|output)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("<example>.*?<(?:code|c)>(?<code>.*?)</(?:code|c)>", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^ *///", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // A documented public method of the catalogs that trains, packs, evaluates, validates, searches or forecasts.
    [GeneratedRegex(@"(?<doc>(?:^ *///[^\n]*\n)+)(?: *\[[^\n]*\n)* *public (?!static class)[^\n=({]*? "
        + @"(?<name>Ntm|Dnc|Lstm|Pack|Evaluate|CrossValidate|CrossValidateSeries|Sweep|Forecasting|Forecast)(?:<\w+>)?\(",
        RegexOptions.Multiline)]
    private static partial Regex WayIn();

    [GeneratedRegex("Options(\\.\\w+)?\\.cs$|^(Ntm|Dnc|Lstm)Trainer\\.cs$")]
    private static partial Regex OptionsFile();

    [GeneratedRegex(@"(?<doc>(?:^ *///[^\n]*\n)+)(?: *\[[^\n]*\n)* *public (?<type>[^\n=({]+) (?<name>\w+) \{ get; (set|init); \}",
        RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"\b[Dd]efault\b")]
    private static partial Regex Default();

    [GeneratedRegex(@"^(int|long|float|double|TimeSpan)\??$")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b(at least|above|from 0|from 1|from 1e-12|any number|in [\[(]\d)")]
    private static partial Regex Bounds();

    [GeneratedRegex(@"[.:](?=\s|\)|</|$)")]
    private static partial Regex SentenceEnd();
}
