namespace ProbML.Tests;

/// <summary>The reference results and data that lie beside the repository; a user's clone has none.</summary>
internal static class SharedFolder
{
    /// <summary>The folder, or null.</summary>
    public static string? Path { get; } = Find();

    /// <summary>A path inside it; skips the test where the folder is absent.</summary>
    public static string Require(params string[] parts)
    {
        if (Path is null)
            Assert.Skip("The folder 'shared' with data and reference results does not lie beside this clone.");
        return System.IO.Path.Combine([Path!, .. parts]);
    }

    private static string? Find()
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
