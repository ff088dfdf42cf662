namespace ProbML.Cli;

/// <summary>A first pass over one file or several: every cell that will be used is looked at, and what was found is kept.</summary>
/// <remarks>As R's <c>na.omit</c>: a row with a missing value in any column that is used does not count.</remarks>
internal sealed class DataScan
{
    private readonly Dictionary<string, ColumnScan> columns;
    private readonly List<long> completeRows = [];

    private DataScan(IReadOnlyList<CsvFile> files, IReadOnlyList<ColumnUse> uses)
    {
        Files = files;
        columns = uses.ToDictionary(use => use.Name, use => new ColumnScan(use));
    }

    /// <summary>The files, whose rows are looked at as one.</summary>
    public IReadOnlyList<CsvFile> Files { get; }

    /// <summary>The first file.</summary>
    public CsvFile File => Files[0];

    /// <summary>What reports call the files.</summary>
    public string Name => Files.Count == 1 ? File.Name : $"{File.Name} and {Files.Count - 1} more";

    /// <summary>The rows of the files.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows that count: those in which nothing is missing, unless missing values are kept.</summary>
    public long CompleteRows { get; private set; }

    /// <summary>Those of each file.</summary>
    public IReadOnlyList<long> CompleteRowsOfFiles => completeRows;

    public ColumnScan this[string column] => columns[column];

    /// <summary>Reads whole files.</summary>
    /// <exception cref="BadDataException">A column is missing or a cell is wrong: the first that is.</exception>
    /// <param name="files">The files, of the same columns.</param>
    /// <param name="uses">The columns to look at.</param>
    /// <param name="progress">Told how many rows are read, now and then.</param>
    /// <param name="keepsMissing">Whether a row with missing values counts, and is looked at where it has some.</param>
    public static DataScan Of(
        IReadOnlyList<CsvFile> files, IReadOnlyList<ColumnUse> uses, Action<long>? progress = null, bool keepsMissing = false)
    {
        var scan = new DataScan(files, uses);
        ColumnScan[] scans = [.. uses.Select(use => scan[use.Name])];
        foreach (var file in files)
            scan.Read(file, scans, progress, keepsMissing);
        if (scan.Rows == 0)
            throw new BadDataException($"{scan.Name} {(files.Count == 1 ? "has a header" : "have headers")} but no rows.");
        if (scan.CompleteRows == 0)
        {
            var worst = scans.MaxBy(column => column.Missing)!;
            throw new BadDataException(
                $"every row of {scan.Name} lacks a value in some column that is used ('{worst.Name}' in {worst.Missing} of "
                    + $"{scan.Rows} rows). Leave such columns out with --ignore.");
        }
        foreach (var column in scans)
            column.Conclude();
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

    private void Read(CsvFile file, ColumnScan[] scans, Action<long>? progress, bool keepsMissing)
    {
        int[] places = [.. scans.Select(column => file.IndexOf(column.Name))];
        using var rows = file.Read();
        long before = CompleteRows;
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
            CompleteRows += counts ? 1 : 0;
            if ((rows.Row & 0xFFFF) == 0)
                progress?.Invoke(Rows + rows.Row);
        }
        Rows += rows.Row;
        completeRows.Add(CompleteRows - before);
    }
}
