namespace ProbML.Cli;

/// <summary>A file written beside its place and moved there when it is whole: nothing half-written remains.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string path, beside;
    private bool committed;

    private ReplacedFile(string path, string beside, FileStream stream) =>
        (this.path, this.beside, Stream) = (path, beside, stream);

    /// <summary>What becomes the file.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file, so that a place which cannot be written is known before any work is done.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="inputs">The files that are read, which it must not be.</param>
    /// <exception cref="BadDataException">The folder is missing, or nothing can be written there.</exception>
    /// <exception cref="UsageException">It is no file name, or one of the inputs.</exception>
    public static ReplacedFile Create(string path, params string[] inputs)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new UsageException($"--out '{path}' is not a file name.");
        string whole = Path.GetFullPath(path);
        if (inputs.Any(input => input.Length > 0 && Path.GetFullPath(input) == whole))
            throw new UsageException($"--out {path} is a file that is read: name another.");
        string folder = Path.GetDirectoryName(whole) ?? throw new BadDataException($"--out {path} is not a file.");
        if (Directory.Exists(whole))
            throw new BadDataException($"--out {path} is a folder; name a file in it.");
        if (!Directory.Exists(folder))
        {
            throw new BadDataException(
                $"there is no folder {folder} to write {Path.GetFileName(path)} to. Create it first.");
        }
        string beside = Path.Combine(folder, $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}.partial");
        try
        {
            if (File.Exists(whole))
                using (new FileStream(whole, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { }
            return new(whole, beside, new(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadDataException($"--out {path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Puts the file in its place.</summary>
    public void Commit()
    {
        try
        {
            Stream.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(beside, path, overwrite: true);
            committed = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadDataException($"{path} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // a full disk: what was written goes anyway
        }
        if (!committed)
            File.Delete(beside);
    }
}
