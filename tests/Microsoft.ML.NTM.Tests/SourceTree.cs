using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Tests;

/// <summary>Where the sources are that the tests were built from: some tests read or build them.</summary>
internal static class SourceTree
{
    /// <summary>The repository's top folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
