namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>Programs of users: outside the repository, in other languages, with older compilers.</summary>
[TestClass]
public sealed class ConsumerTests
{
    private static readonly string[] s_programs = ["CSharp12", "FSharp", "VisualBasic"];

    [TestMethod]
    public void ProgramsInOtherLanguagesTrainAndScoreAndTrimmedOnesAreWarned()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Copy(Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Publishing", "Consumers"), folder);
            string artifacts = Path.Combine(folder, "artifacts");
            string built = Run("dotnet", "build", Path.Combine(folder, "Consumers.slnx"), "-c", "Release", "--artifacts-path", artifacts,
                "-nodeReuse:false",
                $"-p:Library={Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM", "Microsoft.ML.NTM.csproj")}");

            string Built(string program) => Path.Combine(artifacts, "bin", program, "release", program + ".dll");
            foreach (string program in s_programs)
                Assert.AreEqual("scored", Run("dotnet", Built(program)).Trim(), program);
            string guide = Run("dotnet", Built("FSharpGuide"), Path.Combine(SourceTree.Root, "samples", "QuickStart", "machines.csv"));
            StringAssert.Contains(guide, "right in the test");
            StringAssert.Contains(built, "IL2026");
            StringAssert.Contains(built, "IL3050");
            StringAssert.Contains(built, "cannot be trimmed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = ChildProcess.Run(program, arguments);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
