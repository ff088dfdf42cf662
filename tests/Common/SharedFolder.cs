namespace ProbML.Tests;

/// <summary>The reference results and data that lie beside the repository; a user's clone has none.</summary>
internal static class SharedFolder
{
    /// <summary>The folder, or null.</summary>
    public static string? Path { get; } = SharedFolderPath.Find();

    /// <summary>A path inside it; skips the test where the folder is absent.</summary>
    public static string Require(params string[] parts)
    {
        if (Path is null)
            Assert.Skip("The folder 'shared' with data and reference results does not lie beside this clone.");
        return System.IO.Path.Combine([Path!, .. parts]);
    }
}
