using ProbML.TwoSample;

namespace ProbML.Cli;

/// <summary>One side of a comparison: files of rows of the same columns, and sketches of such.</summary>
internal sealed class Side
{
    private Side(IReadOnlyList<CsvFile> files, IReadOnlyList<(string File, TableSketch Sketch)> sketches) => (Files, Sketches) = (files, sketches);

    public IReadOnlyList<CsvFile> Files { get; }

    public IReadOnlyList<(string File, TableSketch Sketch)> Sketches { get; }

    public bool IsEmpty => Files.Count + Sketches.Count == 0;

    /// <summary>All columns' names.</summary>
    public IEnumerable<string> Names => Sketches.SelectMany(one => one.Sketch.Columns.Select(column => column.Name))
        .Concat(Files.Take(1).SelectMany(file => file.Header)).Where(name => name.Length > 0).Distinct();

    /// <summary>Whether a file begins as a sketch does.</summary>
    public static bool IsSketch(string path)
    {
        if (!File.Exists(path))
            return false;                                  // reading it as rows says what is wrong
        Span<byte> start = stackalloc byte[4];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return TableSketch.IsSketch(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>Opens files.</summary>
    /// <exception cref="BadDataException">One cannot be read, is damaged, or has other columns than the first.</exception>
    public static Side Open(IReadOnlyList<string> paths)
    {
        var kinds = paths.ToLookup(IsSketch);
        return new(ShardFiles.Open([.. kinds[false]]), [.. kinds[true].Select(path => (Path.GetFileName(path), Read(path)))]);
    }

    /// <summary>Checks that a column is everywhere.</summary>
    /// <exception cref="BadDataException">It is not in one of the files; the message names it.</exception>
    public void Require(string name)
    {
        string? without = Sketches.FirstOrDefault(one => one.Sketch.Columns.All(column => column.Name != name)).File
            ?? Files.FirstOrDefault(file => !file.Has(name))?.Name;
        if (without is not null)
            throw new BadDataException($"{without} has no column '{name}', but another file has: leave it out with --ignore.");
    }

    private static TableSketch Read(string path)
    {
        try
        {
            return TableSketch.Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            throw new BadDataException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
    }
}
