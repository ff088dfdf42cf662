namespace ProbML.Tests;

/// <summary>Where reference results and data lie beside the repository.</summary>
internal static class SharedFolderPath
{
    /// <summary>The folder, or null.</summary>
    public static string? Find()
    {
        if (RepositoryRoot.Find() is not { } root)
            return null;
        string shared = Path.GetFullPath(Path.Combine(root, "..", "shared"));
        return Directory.Exists(shared) ? shared : null;
    }
}
