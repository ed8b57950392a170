/// <summary>Data that is not part of the repository: by default in <c>shared/data</c> beside it.</summary>
internal static class DataFolder
{
    /// <summary>The folder asked for, else the one beside the repository or one of its parents, else null.</summary>
    public static string? Find(string? asked, string name)
    {
        if (asked is not null)
            return Directory.Exists(asked) ? asked : throw new DirectoryNotFoundException($"There is no folder '{asked}'.");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
