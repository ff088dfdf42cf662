namespace ProbML.Reports.Files;

/// <summary>Files that are there whole or not at all.</summary>
internal static class WholeFile
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

    /// <summary>Writes beside the place, then moves there.</summary>
    public static void Write(string path, byte[] bytes)
    {
        string whole = Path.GetFullPath(path);
        string beside = Path.Combine(Path.GetDirectoryName(whole)!, $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}.partial");
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, whole, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(beside);                           // a no-op once it is moved
        }
    }
}
