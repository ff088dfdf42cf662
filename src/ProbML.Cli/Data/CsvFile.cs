using System.Text;
using Sylvan.Data.Csv;

namespace ProbML.Cli;

/// <summary>A file of delimited text with a header: which columns it has, and how it is read.</summary>
/// <remarks>Read more than once, so a pipe will not do. Rows are counted from 1, after the header, without blank lines.</remarks>
internal sealed class CsvFile
{
    private const int LongestRow = 1 << 24;

    private CsvFile(string path, char delimiter, string[] header) =>
        (Path, Delimiter, Header) = (path, delimiter, header);

    public string Path { get; }

    /// <summary>The file's name, for messages.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public char Delimiter { get; }

    /// <summary>The names of the columns, in order; an unnamed one is empty.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="BadDataException">There is no such file, or it has no header.</exception>
    public static CsvFile Open(string path)
    {
        using var stream = OpenStream(path);
        string name = System.IO.Path.GetFileName(path);
        if (!stream.CanSeek)
            throw new BadDataException($"{name} can be read only once, but two passes are needed. Save it to a file first.");
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        char[] start = new char[1 << 16];
        int length = Guard(name, () => text.ReadBlock(start));
        if (start.AsSpan(0, length).IsWhiteSpace())
            throw new BadDataException($"{name} is empty. A header line with the columns' names is needed.");
        char delimiter = Sniff(path, start.AsSpan(0, length));
        using var reader = OpenReader(path, name, delimiter);
        string[] header = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetName(i).Trim())];
        foreach (var (column, count) in header.CountBy(column => column))
        {
            if (count > 1 && column.Length > 0)
                throw new BadDataException($"{name} has {count} columns named '{column}'. Rename them.");
        }
        return new(path, delimiter, header);
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="BadDataException">There is none of that name.</exception>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i] == column)
                return i;
        }
        string? close = Header.FirstOrDefault(name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
        string hint = close is not null
            ? $"There is '{close}'; upper and lower case matter."
            : $"The columns are {string.Join(", ", Header.Take(30).Select(name => $"'{name}'"))}"
                + (Header.Count > 30 ? ", ..." : ".");
        throw new BadDataException($"{Name} has no column '{column}'. {hint}");
    }

    /// <summary>Whether there is a column of that name.</summary>
    public bool Has(string column) => Header.Contains(column, StringComparer.Ordinal);

    /// <summary>Starts over at the first row.</summary>
    public CsvRows Read() => new(this, OpenReader(Path, Name, Delimiter));

    internal static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw new BadDataException($"{name} is not UTF-8 text. Save it as UTF-8 (or with a byte order mark).", e);
        }
        catch (IOException e)
        {
            throw new BadDataException($"{name} cannot be read: {e.Message}", e);
        }
    }

    private static CsvDataReader OpenReader(string path, string name, char delimiter)
    {
        var options = new CsvDataReaderOptions
        {
            Delimiter = delimiter,
            HasHeaders = true,
            CsvStyle = CsvStyle.Standard,
            BufferSize = 1 << 16,
            MaxBufferSize = LongestRow,
            OwnsReader = true,
            Comment = '\0',       // a line that starts with # is a row like any other
        };
        var text = new StreamReader(OpenStream(path), new UTF8Encoding(false, throwOnInvalidBytes: true), true, 1 << 16);
        try
        {
            return Guard(name, () => CsvDataReader.Create(text, options));
        }
        catch (CsvRecordTooLargeException e)
        {
            throw CsvRows.Endless(name, e.RowNumber, e);
        }
        catch (CsvFormatException e)
        {
            throw new BadDataException(
                $"the start of {name} cannot be read (row {e.RowNumber}, 0 is the header): {e.Message}", e);
        }
    }

    private static FileStream OpenStream(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        if (Directory.Exists(path))
            throw new BadDataException($"{path} is a folder, not a file.");
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadDataException($"there is no file {path}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadDataException($"{name} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Tabs for .tsv and .tab, else whichever of , ; tab | is most frequent in the header, outside quotes.</summary>
    private static char Sniff(string path, ReadOnlySpan<char> start)
    {
        if (System.IO.Path.GetExtension(path).ToUpperInvariant() is ".TSV" or ".TAB")
            return '\t';
        ReadOnlySpan<char> candidates = [',', ';', '\t', '|'];
        Span<int> counts = stackalloc int[candidates.Length];
        counts.Clear();
        bool quoted = false, started = false;
        foreach (char c in start)
        {
            if (c is '\n' or '\r' && !quoted && started)
                break;
            started |= !char.IsWhiteSpace(c);
            quoted ^= c == '"';
            int which = quoted ? -1 : candidates.IndexOf(c);
            if (which >= 0)
                counts[which]++;
        }
        int best = 0;
        for (int i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[best])
                best = i;
        }
        return candidates[best];
    }
}
