using System.Text;
using Sylvan.Data.Csv;

namespace ProbML.Studio;

/// <summary>Reads a file of delimited text into memory, in two passes: what the columns are, then their values.</summary>
internal sealed class TableReader(StudioOptions limits)
{
    private const int LongestRow = 1 << 24;

    /// <param name="path">The file.</param>
    /// <param name="fileName">What the user calls it.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="kinds">What columns of these names must be (true: numbers), from another file; null: what they look like.</param>
    /// <exception cref="BadFileException">It cannot be read; the message says where and why.</exception>
    public Table Read(
        string path, string fileName, ReadingOptions options, IReadOnlyDictionary<string, bool>? kinds = null)
    {
        var (encoding, note) = TextEncoding.Of(path);
        try
        {
            return Read(path, fileName, options, encoding, note, kinds);
        }
        catch (DecoderFallbackException e)
        {
            throw new BadFileException("The file is not text in the encoding that its first bytes announce. Save it as UTF-8.", e);
        }
        catch (CsvRecordTooLargeException e)
        {
            throw new BadFileException($"Row {e.RowNumber} does not end. Is a quote missing that should close a text?", e);
        }
        catch (CsvFormatException e)
        {
            throw new BadFileException(
                $"Row {e.RowNumber} cannot be read: {e.Message} A quote inside a quoted text is written twice.", e);
        }
    }

    private Table Read(
        string path,
        string fileName,
        ReadingOptions options,
        Encoding encoding,
        string? note,
        IReadOnlyDictionary<string, bool>? kinds)
    {
        char delimiter = options.Delimiter ?? Sniff(path, encoding);
        var missing = options.MissingTexts().GetAlternateLookup<ReadOnlySpan<char>>();
        List<string> notes = note is null ? [] : [note];
        using var first = Open(path, encoding, delimiter);
        if (!first.Read())
            throw new BadFileException("The file has no rows.");
        int width = first.RowFieldCount;
        if (width > limits.MaximumColumns)
            throw new BadFileException($"The file has {width:N0} columns; at most {limits.MaximumColumns:N0} are taken.");
        string[] headings = [.. Enumerable.Range(0, width).Select(i => options.HasHeader ? Cell(first, i, 0).ToString() : $"Column {i + 1}")];
        string[] names = HeadingNames.Make(headings, notes);
        var scans = Array.ConvertAll(names, name => new ColumnScan(name));
        int rows = 0;
        bool more = !options.HasHeader || first.Read();
        for (; more; more = first.Read())
        {
            if (IsBlank(first))
                continue;
            if (++rows > limits.MaximumRows)
                throw new BadFileException($"The file has more than {limits.MaximumRows:N0} rows, which is the most taken here.");
            if (first.RowFieldCount != width)
                throw Ragged(rows, first.RowFieldCount, width, delimiter);
            for (int i = 0; i < width; i++)
            {
                var text = Cell(first, i, rows);
                scans[i].Add(rows, text, text.IsEmpty || missing.Contains(text));
            }
        }
        if (rows == 0)
            throw new BadFileException("The file names columns, but has no rows below them.");
        using var second = Open(path, encoding, delimiter);
        if (options.HasHeader)
            second.Read();
        var builders = Array.ConvertAll(scans, scan => new ColumnBuilder(scan, rows, kinds?.TryGetValue(scan.Name, out bool isNumber) == true ? isNumber : null));
        for (int row = 0; second.Read();)
        {
            if (IsBlank(second))
                continue;
            for (int i = 0; i < width; i++)
            {
                var text = Cell(second, i, row);
                builders[i].Set(row, text, text.IsEmpty || missing.Contains(text));
            }
            row++;
        }
        notes.AddRange(scans.Select(scan => scan.Note).OfType<string>());
        return new(fileName, Array.ConvertAll(builders, builder => builder.Build()), rows, notes, options, delimiter);
    }

    private ReadOnlySpan<char> Cell(CsvDataReader reader, int column, int row)
    {
        var text = reader.GetFieldSpan(column).Trim();
        if (text.Length > limits.MaximumFieldLength)
        {
            throw new BadFileException($"Row {row}, column {column + 1} holds {text.Length:N0} characters; at most "
                + $"{limits.MaximumFieldLength:N0} are taken. Is a quote missing?");
        }
        return text;
    }

    private static bool IsBlank(CsvDataReader reader) => reader.RowFieldCount == 1 && reader.GetFieldSpan(0).IsWhiteSpace()
        && reader.FieldCount > 1;

    private static BadFileException Ragged(int row, int found, int expected, char delimiter) => new(
        $"Row {row} has {found:N0} {(found == 1 ? "cell" : "cells")}, the first line has {expected:N0}. "
            + (found < expected
                ? "Is a separator missing, or a line broken in two?"
                : $"Does a text hold {(delimiter == '\t' ? "a tab" : $"'{delimiter}'")} without quotes around it?"));

    private static CsvDataReader Open(string path, Encoding encoding, char delimiter)
    {
        var text = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        return CsvDataReader.Create(text, new CsvDataReaderOptions
        {
            Delimiter = delimiter,
            HasHeaders = false,
            CsvStyle = CsvStyle.Standard,
            BufferSize = 1 << 16,
            MaxBufferSize = LongestRow,
            OwnsReader = true,
            Comment = '\0',
        });
    }

    private static char Sniff(string path, Encoding encoding)
    {
        using var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        char[] start = new char[1 << 16];
        var text = start.AsSpan(0, reader.ReadBlock(start)).TrimStart();
        char[] candidates = [',', ';', '\t', '|'];
        int[] counts = new int[candidates.Length];
        bool isQuoted = false;
        foreach (char c in text)
        {
            if (c is '\n' or '\r' && !isQuoted)
                break;
            isQuoted ^= c == '"';
            int which = isQuoted ? -1 : Array.IndexOf(candidates, c);
            if (which >= 0)
                counts[which]++;
        }
        return candidates[Array.IndexOf(counts, counts.Max())];
    }
}
