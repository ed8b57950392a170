using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>What the documents name is there: equations' methods and tests, rooms, files.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private static readonly string[] s_torch = ["Microsoft.ML.NTM.Torch", "Microsoft.ML.NTM.Engines.Torch"];
    private static readonly string[] s_managed = ["Microsoft.ML.NTM.Kernels", "Microsoft.ML.NTM.Engines.Managed"];

    [TestMethod]
    public void EveryMethodAndTestThatAnEquationNamesExists()
    {
        string[][] rows = [.. Tables("docs/equations.md").Where(cells => cells is [_, _, _, _, _, _] && cells[2].StartsWith('`'))];

        string[] missing = [.. rows.SelectMany(Missing)];

        Assert.IsEmpty(missing, string.Join('\n', missing));
        Assert.IsGreaterThan(20, rows.Length);
    }

    [TestMethod]
    [DataRow("| x | NTM | `Addressing.Shift` | `Weighting.Shift` | `WeightingGradient.Shift` | `GemmTests.None` |", "GemmTests.None")]
    [DataRow("| x | NTM | `Addressing.Turn` | `Weighting.Shift` | `WeightingGradient.Shift` | `GemmTests.None` |", "Addressing.Turn")]
    [DataRow("| x | NTM | `Weighting.Shift` | `Weighting.Shift` | `WeightingGradient.Shift` | `GemmTests.None` |", "Weighting.Shift")]
    public void AnEquationWithANameThatIsNotThereIsFound(string row, string name)
    {
        Assert.Contains(name, Missing(Cells(row)));
    }

    [TestMethod]
    public void TheDesignsTableOfRoomsIsTheOneThatIsChecked()
    {
        string[] design = [.. Tables("docs/design.md").Where(cells => cells.Length == 3 && RoomsTests.Allowed.ContainsKey(cells[0]))
            .Select(cells => $"{cells[0]}: {(cells[2] == "nothing" ? "" : cells[2])}").Order()];

        Assert.AreSequenceEqual(RoomsTests.Allowed.Select(room => $"{room.Key}: {string.Join(", ", room.Value)}").Order(), design);
    }

    [TestMethod]
    public void EveryRelativeLinkLeadsSomewhere()
    {
        string[] pages = [.. Directory.EnumerateFiles(SourceTree.Root, "*.md", SearchOption.AllDirectories).Where(IsOurs)];

        string[] broken = [.. from page in pages
                              from Match link in Link().Matches(Code().Replace(File.ReadAllText(page), ""))
                              let target = link.Groups[1].Value
                              where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(target)))
                              select $"{Path.GetRelativePath(SourceTree.Root, page)}: {target}"];

        Assert.IsEmpty(broken, string.Join('\n', broken));
        Assert.IsGreaterThan(5, pages.Length);
    }

    private static IEnumerable<string> Missing(string[] cells) =>
    [
        .. Missing(cells[2], typeof(NetworkSpec).Assembly, s_torch),
        .. Missing(cells[3], typeof(NetworkSpec).Assembly, s_managed),
        .. Missing(cells[4], typeof(NetworkSpec).Assembly, s_managed),
        .. Missing(cells[5], typeof(DocumentationTests).Assembly, null),
    ];

    // `Type.Member` names, of which the type is in one of the namespaces.
    private static IEnumerable<string> Missing(string cell, Assembly assembly, string[]? spaces)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        foreach (string name in cell.Split('`', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = name.Split('.');
            if (!assembly.GetTypes().Any(type => type.Name.Split('`')[0] == parts[0] && (spaces is null || spaces.Contains(type.Namespace))
                && type.GetMember(parts[^1], Any).Length > 0))
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string[]> Tables(string page) =>
        File.ReadLines(Path.Combine(SourceTree.Root, page)).Where(line => line.StartsWith('|')).Select(Cells);

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim())];

    private static bool IsOurs(string path)
    {
        string[] folders = Path.GetRelativePath(SourceTree.Root, path).Split('/', '\\');
        return !folders.Any(folder => folder is ".git" or "bin" or "obj" or "artifacts" or "TestResults" or "shared" or "content");
    }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#|<)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    // Code is no link, whatever it looks like.
    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();
}
