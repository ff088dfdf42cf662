using Sylvan.Data.Csv;

namespace ProbML.Cli;

/// <summary>One pass over the rows of a file: each has as many cells as the header, or reading stops there.</summary>
internal sealed class CsvRows(CsvFile file, CsvDataReader reader) : IDisposable
{
    /// <summary>The file's name, for messages.</summary>
    public string FileName => file.Name;

    /// <summary>The current row, from 1.</summary>
    public long Row { get; private set; }

    /// <summary>Goes to the next row that is not blank.</summary>
    /// <exception cref="BadDataException">The row's quotes or the number of its cells are wrong.</exception>
    public bool MoveNext()
    {
        do
        {
            if (!Read())
                return false;
        }
        while (reader.RowFieldCount == 1 && reader.GetFieldSpan(0).IsWhiteSpace());
        Row++;
        int found = reader.RowFieldCount, expected = file.Header.Count;
        if (found != expected)
        {
            string cause = found < expected
                ? "Is a separator missing, or a line broken in two?"
                : $"Does a text hold '{(file.Delimiter == '\t' ? "a tab" : file.Delimiter)}' without quotes around it?";
            throw new BadDataException(
                $"row {Row} of {file.Name} has {found} {(found == 1 ? "field" : "fields")}, the header has {expected}. "
                    + cause);
        }
        return true;
    }

    /// <summary>A cell without the white space around it; valid until the next row.</summary>
    public ReadOnlySpan<char> this[int column] => reader.GetFieldSpan(column).Trim();

    /// <summary>A cell as it stands, for copying.</summary>
    public ReadOnlySpan<char> Raw(int column) => reader.GetFieldSpan(column);

    /// <summary>Says what is wrong with a cell.</summary>
    public BadDataException Wrong(int column, string explanation) =>
        new($"{file.Name}: row {Row} of '{file.Header[column]}' is {Cell.Show(this[column])}; {explanation}.");

    public void Dispose() => reader.Dispose();

    internal static BadDataException Endless(string file, long row, Exception cause) =>
        new($"row {row} of {file} does not end. Is a quote missing that should close a text?", cause);

    private bool Read()
    {
        try
        {
            return CsvFile.Guard(file.Name, reader.Read);
        }
        catch (CsvRecordTooLargeException e)
        {
            throw Endless(file.Name, Row + 1, e);
        }
        catch (CsvFormatException e)
        {
            string column = e.FieldOrdinal is >= 0 and var i && i < file.Header.Count ? $" in column '{file.Header[i]}'" : "";
            throw new BadDataException(
                $"row {Row + 1} of {file.Name} has a broken quote{column}: {e.Message} "
                    + "A quote inside a quoted text is written twice.",
                e);
        }
    }
}
