namespace ProbML.Tests;

/// <summary>The folder of ProbML.sln, above the tests.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside of the repository.</exception>
    public static string Path => Find() ?? throw new DirectoryNotFoundException("ProbML.sln is above the tests.");

    /// <summary>The folder; null: the tests run outside of it.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ProbML.sln")))
                return folder.FullName;
        return null;
    }
}
