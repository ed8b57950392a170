namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>The packages as <c>dotnet pack</c> makes them of what is built, in a folder, with a version that nobody else has.</summary>
internal sealed class Feed : IDisposable
{
    private static readonly string s_configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Debug" : "Release";

    /// <param name="projects">Which, by name.</param>
    public Feed(params string[] projects)
    {
        foreach (string project in projects)
        {
            Run("dotnet", "pack", Path.Combine(SourceTree.Root, "src", project, project + ".csproj"), "-c", s_configuration, "--no-build",
                "-nodeReuse:false", "-o", Folder, $"-p:PackageVersion={Version}", "-p:PictureBaseUrl=https://pictures.test/here");
        }
    }

    /// <summary>Where the packages lie.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("feed").FullName;

    /// <summary>Their version.</summary>
    public string Version { get; } = $"0.0.1-try.{Guid.NewGuid():N}";

    /// <summary>A package's file.</summary>
    public string PathOf(string project) => Path.Combine(Folder, $"{project}.{Version}.nupkg");

    /// <summary>Runs a program that must succeed; its output.</summary>
    public static string Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = ChildProcess.Run(program, arguments);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Away with the packages, also with what a restore unpacked of them.</summary>
    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string unpacked = Path.Combine(cache, "microsoft.ml.ntm", Version);
        if (Directory.Exists(unpacked))
            Directory.Delete(unpacked, recursive: true);
    }
}
