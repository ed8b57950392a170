namespace Microsoft.ML.NTM.Tests.Tasks;

/// <summary>The data folder that lies beside the repository, or beside one of its parents.</summary>
internal static class SharedData
{
    /// <summary>A folder of <c>shared/data</c>; the test is inconclusive where it is missing.</summary>
    public static string Folder(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new AssertInconclusiveException($"shared/data/{name} is not beside the repository.");
    }
}
