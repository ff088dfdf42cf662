namespace ProbML.Cli;

/// <summary>What a column of a file is read as.</summary>
internal enum CellKind
{
    /// <summary>Numbers; a text stops the reading.</summary>
    Number,

    /// <summary>Levels, whatever they look like.</summary>
    Level,

    /// <summary>Numbers if every cell is one, levels if none is; a mixture stops the reading.</summary>
    Guess,
}

/// <summary>A column that is needed, and what its numbers must be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is read as.</param>
/// <param name="Requirement">What is wrong with a number, or null; the answer completes "row 5 of 'y' is '-1'; ...".</param>
/// <param name="Allowed">The texts that may occur; null: any.</param>
internal sealed record ColumnUse(
    string Name, CellKind Kind, Func<double, string?>? Requirement = null, IReadOnlyList<string>? Allowed = null);

/// <summary>What the cells of one column turned out to be, over the rows in which nothing is missing.</summary>
internal sealed class ColumnScan(ColumnUse use)
{
    private const int MostLevels = 10_000;
    private readonly HashSet<string> levels = new(StringComparer.Ordinal);
    private (string File, long Row, string Text) firstText, firstNumber, firstComma;
    private long numbers, texts, commas;

    public string Name => use.Name;

    /// <summary>Cells without a value, over all rows.</summary>
    public long Missing { get; private set; }

    /// <summary>Whether the column is levels rather than numbers.</summary>
    public bool IsLevels => use.Kind == CellKind.Level || (use.Kind == CellKind.Guess && numbers == 0);

    /// <summary>How many different levels there are, up to the limit at which counting stops.</summary>
    public int LevelCount => levels.Count;

    /// <summary>Whether counting stopped.</summary>
    public bool IsFull => levels.Count == MostLevels;

    /// <summary>Looks at a cell before it is known whether its row is complete. Returns whether it holds a value.</summary>
    /// <exception cref="BadDataException">It is text where a number is needed, or a number that is not allowed.</exception>
    public bool Check(CsvRows rows, int column)
    {
        var text = rows[column];
        if (Cell.IsMissing(text))
        {
            Missing++;
            return false;
        }
        if (use.Kind == CellKind.Number)
        {
            if (!Cell.TryNumber(text, out double number))
                throw rows.Wrong(column, Cell.NotANumber(text));
            if (use.Requirement?.Invoke(number) is string problem)
                throw rows.Wrong(column, problem);
        }
        if (use.Allowed is { } allowed && !allowed.ContainsText(text))
            throw rows.Wrong(column, $"--levels names {string.Join(", ", allowed.Take(10))}; correct it, or name it too");
        return true;
    }

    /// <summary>Counts a cell of a complete row.</summary>
    public void Add(CsvRows rows, int column)
    {
        if (use.Kind == CellKind.Number)
            return;
        var text = rows[column];
        if (use.Kind == CellKind.Guess)
            Guess(rows.FileName, rows.Row, text);
        if (use.Kind == CellKind.Level || texts > 0)
            Count(text);
    }

    /// <summary>Decides between numbers and levels.</summary>
    /// <exception cref="BadDataException">The column is a mixture, or numbers with decimal commas.</exception>
    public void Conclude()
    {
        if (use.Kind != CellKind.Guess || texts == 0)
            return;
        if (commas > 0 && commas == texts)
            Refuse(firstComma, Cell.NotANumber(firstComma.Text));
        string others = numbers == 1 ? "row is a number" : "rows are numbers";
        if (numbers > 0 && numbers >= texts)
            Refuse(firstText, $"but {numbers} other {others}; correct it, leave it empty if the value is missing, or use "
                + $"--categorical {Name} if these are levels");
        if (numbers > 0)
            Refuse(firstNumber, $"a number, but {texts} other rows are text; use --categorical {Name} if these are levels");

        void Refuse((string File, long Row, string Text) where, string why) =>
            throw new BadDataException($"{where.File}: row {where.Row} of '{Name}' is {Cell.Show(where.Text)}; {why}.");
    }

    /// <summary>The levels: numbers by size, texts in ordinal order.</summary>
    public string[] Levels()
    {
        if (levels.All(level => Cell.TryNumber(level, out _)))
            return [.. levels.OrderBy(Number).ThenBy(level => level, StringComparer.Ordinal)];
        return [.. levels.Order(StringComparer.Ordinal)];

        static double Number(string level)
        {
            Cell.TryNumber(level, out double number);
            return number;
        }
    }

    private void Guess(string file, long row, ReadOnlySpan<char> text)
    {
        if (Cell.TryNumber(text, out _))
        {
            if (numbers++ == 0)
                firstNumber = (file, row, text.ToString());
            return;
        }
        if (texts++ == 0)
            firstText = (file, row, text.ToString());
        if (Cell.HasDecimalComma(text) && commas++ == 0)
            firstComma = (file, row, text.ToString());
    }

    private void Count(ReadOnlySpan<char> text)
    {
        var lookup = levels.GetAlternateLookup<ReadOnlySpan<char>>();
        if (levels.Count < MostLevels || lookup.Contains(text))
            lookup.Add(text);
    }
}
