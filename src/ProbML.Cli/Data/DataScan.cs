namespace ProbML.Cli;

/// <summary>A first pass over a file: every cell that will be used is looked at, and what was found is kept.</summary>
/// <remarks>As R's <c>na.omit</c>: a row with a missing value in any column that is used does not count.</remarks>
internal sealed class DataScan
{
    private readonly Dictionary<string, ColumnScan> columns;

    private DataScan(CsvFile file, IReadOnlyList<ColumnUse> uses)
    {
        File = file;
        columns = uses.ToDictionary(use => use.Name, use => new ColumnScan(use));
    }

    public CsvFile File { get; }

    /// <summary>The rows of the file.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows that count: those in which nothing is missing, unless missing values are kept.</summary>
    public long CompleteRows { get; private set; }

    public ColumnScan this[string column] => columns[column];

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="BadDataException">A column is missing or a cell is wrong: the first that is.</exception>
    /// <param name="file">The file.</param>
    /// <param name="uses">The columns to look at.</param>
    /// <param name="progress">Told how many rows are read, now and then.</param>
    /// <param name="keepsMissing">Whether a row with missing values counts, and is looked at where it has some.</param>
    public static DataScan Of(
        CsvFile file, IReadOnlyList<ColumnUse> uses, Action<long>? progress = null, bool keepsMissing = false)
    {
        int[] places = [.. uses.Select(use => file.IndexOf(use.Name))];
        var scan = new DataScan(file, uses);
        ColumnScan[] scans = [.. uses.Select(use => scan[use.Name])];
        using (var rows = file.Read())
        {
            while (rows.MoveNext())
            {
                bool counts = true;
                for (int i = 0; i < scans.Length; i++)
                {
                    bool isThere = scans[i].Check(rows, places[i]);
                    if (keepsMissing && isThere)
                        scans[i].Add(rows, places[i]);
                    counts &= isThere || keepsMissing;
                }
                for (int i = 0; !keepsMissing && counts && i < scans.Length; i++)
                    scans[i].Add(rows, places[i]);
                scan.CompleteRows += counts ? 1 : 0;
                if ((rows.Row & 0xFFFF) == 0)
                    progress?.Invoke(rows.Row);
            }
            scan.Rows = rows.Row;
        }
        if (scan.Rows == 0)
            throw new BadDataException($"{file.Name} has a header but no rows.");
        if (scan.CompleteRows == 0)
        {
            var worst = scans.MaxBy(column => column.Missing)!;
            throw new BadDataException(
                $"every row of {file.Name} lacks a value in some column that is used ('{worst.Name}' in {worst.Missing} of "
                    + $"{scan.Rows} rows). Leave such columns out with --ignore.");
        }
        foreach (var column in scans)
            column.Conclude(file.Name);
        return scan;
    }

    /// <summary>What to tell of the rows left out, or null.</summary>
    public string? MissingNote(string consequence)
    {
        if (CompleteRows == Rows)
            return null;
        var worst = columns.Values.Where(column => column.Missing > 0).OrderByDescending(column => column.Missing).Take(3);
        return $"{Rows - CompleteRows} of {Rows} rows {consequence}: a value is missing ("
            + string.Join(", ", worst.Select(column => $"'{column.Name}' in {column.Missing}")) + ").";
    }
}
