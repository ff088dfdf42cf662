namespace ProbML.Cli;

/// <summary>The files that names and patterns stand for.</summary>
internal static class ShardFiles
{
    private static readonly char[] wild = ['*', '?'];

    /// <summary>The files, in the order of their names within a pattern.</summary>
    /// <exception cref="BadDataException">No file fits.</exception>
    /// <exception cref="UsageException">A file is named twice, or a pattern has wildcards in its folder.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> names)
    {
        string[] files = [.. names.SelectMany(Find)];
        var twice = files.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? files : throw new UsageException($"--shards names {twice.First()} twice: its rows would count twice.");
    }

    private static IEnumerable<string> Find(string name)
    {
        if (name.IndexOfAny(wild) < 0)
            return [name];
        string folder = Path.GetDirectoryName(name) is { Length: > 0 } given ? given : ".", pattern = Path.GetFileName(name);
        if (folder.IndexOfAny(wild) >= 0)
            throw new UsageException($"--shards '{name}': * and ? are for the names of files, not of folders.");
        if (!Directory.Exists(folder))
            throw new BadDataException($"there is no folder {folder}.");
        string[] found = Directory.GetFiles(folder, pattern, new EnumerationOptions { MatchType = MatchType.Simple });
        return found.Length > 0
            ? found.Select(file => folder == "." ? Path.GetFileName(file) : file).Order(StringComparer.Ordinal)
            : throw new BadDataException($"no file fits '{name}'.");
    }

    /// <summary>Opens files that must have the same columns, in any order.</summary>
    /// <exception cref="BadDataException">A file cannot be read, or has other columns than the first.</exception>
    public static IReadOnlyList<CsvFile> Open(IReadOnlyList<string> paths)
    {
        CsvFile[] files = [.. paths.Select(CsvFile.Open)];
        foreach (var file in files.Skip(1))
        {
            if (file.Header.FirstOrDefault(column => !files[0].Has(column)) is string more)
                throw new BadDataException($"{file.Name} has a column '{more}' that {files[0].Name} has not. All files must have the same columns.");
            if (files[0].Header.FirstOrDefault(column => !file.Has(column)) is string less)
                throw new BadDataException($"{file.Name} lacks the column '{less}' that {files[0].Name} has. All files must have the same columns.");
        }
        return files;
    }
}
