namespace ProbML.Studio;

/// <summary>A file in memory, and what a user should know of it.</summary>
/// <param name="FileName">What the user calls it; for show alone.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Notes">What was found when it was read.</param>
/// <param name="Reading">How it was read.</param>
/// <param name="Delimiter">What separates its cells.</param>
internal sealed record Table(
    string FileName,
    IReadOnlyList<TableColumn> Columns,
    int Rows,
    IReadOnlyList<string> Notes,
    ReadingOptions Reading,
    char Delimiter)
{
    /// <summary>Why a column is better left out of the features; null: it may serve.</summary>
    public static string? ReasonToLeaveOut(TableColumn column)
    {
        if (column.Missing == column.Rows)
            return "no values at all";
        if (column.Distinct == 1)
            return "a single value, which tells rows apart from nothing";
        if (!column.IsNumber && (column.Distinct > 1000 || (column.Rows >= 20 && column.Distinct * 2 > column.Rows)))
            return "a name or a date for nearly each row, which no new row will have";
        return column.IsNumber && column.Rows >= 10 && column.Missing == 0 && NumbersRows(column.Numbers!)
            ? "it numbers the rows" : null;
    }

    private static bool NumbersRows(double[] numbers)
    {
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] != numbers[i - 1] + 1)
                return false;
        }
        return numbers[0] is 0 or 1;
    }
}
