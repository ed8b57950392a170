namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>
/// A program published trimmed or ahead of time, for real: minutes of work, so only where NTM_PUBLISH is set. ML.NET finds its parts by
/// reflection and cannot be made so; whoever publishes is told by the compiler, where the call stands.
/// </summary>
[TestClass]
public sealed class TrimmedTests
{
    private static readonly string[] s_missing = ["NU1101", "NU1102", "NU1301", "NETSDK1094", "Platform linker not found"];

    [TestMethod]
    [DataRow("PublishTrimmed", "IL2026")]
    [DataRow("PublishAot", "IL3050")]
    public void WhoeverPublishesTrimmedOrAheadOfTimeIsToldThatItCannotBe(string property, string warning)
    {
        if (Environment.GetEnvironmentVariable("NTM_PUBLISH") is null)
            Assert.Inconclusive("Publishing takes minutes: set NTM_PUBLISH.");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string program = Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Publishing", "Consumers", "Trimmed");
            foreach (string file in Directory.GetFiles(program))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            (_, string output) = ChildProcess.Run("dotnet", "publish", Path.Combine(folder, "Trimmed.csproj"), "-c", "Release",
                "--use-current-runtime", $"-p:{property}=true", "--artifacts-path", Path.Combine(folder, "artifacts"), "-nodeReuse:false",
                $"-p:Library={Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM", "Microsoft.ML.NTM.csproj")}");
            if (Array.Find(s_missing, output.Contains) is { } missing)
                Assert.Inconclusive($"What publishing needs is not here ({missing}).");

            StringAssert.Contains(output, warning, output);
            StringAssert.Contains(output, "cannot be trimmed", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
