namespace ProbML.Tests;

/// <summary>Where reference results and data lie beside the repository.</summary>
internal static class SharedFolderPath
{
    /// <summary>The folder, or null.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "ProbML.sln")))
                continue;
            string shared = System.IO.Path.Combine(folder.FullName, "..", "shared");
            return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
        }
        return null;
    }
}
