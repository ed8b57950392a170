namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>What every file of the repository keeps to.</summary>
[TestClass]
public sealed class SourceFilesTests
{
    private const int LongestLine = 140, LongestFile = 400;

    // Lists that tools write have lines of any length.
    private static readonly string[] s_checked = [".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".fs", ".editorconfig"];

    [TestMethod]
    public void NoLineIsLongerThan140Characters()
    {
        string[] wrong = [.. from file in Files()
                             where s_checked.Contains(Path.GetExtension(file))
                             from line in File.ReadLines(file).Index()
                             where line.Item.Length > LongestLine && !IsTable(file, line.Item)
                             select $"{Name(file)}({line.Index + 1}): {line.Item.Length} characters"];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void NoSourceFileIsLongerThan400Lines()
    {
        string[] wrong = [.. Files().Where(file => Path.GetExtension(file) == ".cs" && File.ReadLines(file).Count() > LongestFile)];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    // A row of a Markdown table cannot be broken, nor can a link.
    private static bool IsTable(string file, string line) =>
        file.EndsWith(".md", StringComparison.Ordinal) && (line.StartsWith('|') || !line.Contains(' '));

    private static string Name(string file) => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/');

    private static IEnumerable<string> Files()
    {
        string[] files = [.. Directory.EnumerateFiles(SourceTree.Root, "*", SearchOption.AllDirectories).Where(IsOurs)];
        Assert.IsNotEmpty(files);
        return files;
    }

    private static bool IsOurs(string path)
    {
        string[] folders = Path.GetRelativePath(SourceTree.Root, path).Split('/', '\\');
        return !folders.Any(folder => folder is ".git" or "bin" or "obj" or "artifacts" or "TestResults" or "shared" or "site");
    }
}
