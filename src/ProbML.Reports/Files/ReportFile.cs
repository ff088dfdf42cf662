namespace ProbML.Reports.Files;

/// <summary>The files of a report.</summary>
internal static class ReportFile
{
    /// <summary>Finds out before any work whether there is a place for the file.</summary>
    /// <exception cref="ArgumentException">The path is empty, or a folder.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public static void Check(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string whole = Path.GetFullPath(path);
        if (Directory.Exists(whole))
            throw new ArgumentException($"The report cannot be written to '{path}': it is a folder. Name a file in it.", nameof(path));
        if (Path.GetDirectoryName(whole) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"The report cannot be written to '{path}': there is no folder '{folder}'. Create it first.");
    }

    /// <summary>Writes it whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, byte[] bytes)
    {
        try
        {
            WholeFile.Write(path, file => file.Write(bytes));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
