using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>
/// What is public is listed in PublicAPI.*.txt beside each packed project, and an analyzer compares. Here a project with planted changes is
/// built in the way of those projects: the build must see every one of them.
/// </summary>
[TestClass]
public sealed partial class PublicSurfaceTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AChangeOfAPublicMemberThatTheListDoesNotKnowFailsTheBuild()
    {
        string project = Path.Combine(SourceTree.Root, "tests/Microsoft.ML.NTM.Tests/Architecture/Surface/Surface.csproj");
        string artifacts = Path.Combine(TestContext.TestRunDirectory!, "surface");

        (int exitCode, string output) = ChildProcess.Run("dotnet", "build", project, "-c", "Release", "--artifacts-path", artifacts,
            "-nodeReuse:false",
            $"-p:DirectoryBuildPropsPath={Path.Combine(SourceTree.Root, "src/Directory.Build.props")}");

        string[] faults = [.. Fault().Matches(output).Select(match => $"{match.Groups[1]} {match.Groups[2]}").Distinct().Order()];
        string[] expected = ["RS0016 Added", "RS0016 Defaulted", "RS0016 Nullable", "RS0016 Renamed",
            "RS0017 Defaulted", "RS0017 Gone", "RS0017 Nullable", "RS0017 Renamed"];
        Assert.AreNotEqual(0, exitCode);
        Assert.AreSequenceEqual(expected, faults, output);
    }

    // An error's number and the member that it is about.
    [GeneratedRegex(@"error (RS\d+): Symbol '[^']*?Planted\.Changed\.(\w+)\(")]
    private static partial Regex Fault();
}
