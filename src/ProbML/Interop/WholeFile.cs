namespace ProbML;

/// <summary>Files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the place, then moves there.</summary>
    /// <exception cref="IOException">The file cannot be written; the one before is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> content)
    {
        string whole = Path.GetFullPath(path);
        string beside = Path.Combine(Path.GetDirectoryName(whole)!, $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}.partial");
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                content(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, whole, overwrite: true);
        }
        finally
        {
            File.Delete(beside);                           // a no-op once it is moved
        }
    }
}
