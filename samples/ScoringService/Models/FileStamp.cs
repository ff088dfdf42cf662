namespace ProbML.Examples.Scoring;

/// <summary>What tells whether a file was written since it was looked at.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>That of a file; null: there is none.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : null;
    }
}
