namespace ProbML.Studio;

/// <summary>What the cells of a column look like: the first pass.</summary>
internal sealed class ColumnScan(string name)
{
    private int numbers, commas, texts;
    private (int Row, string Text)? firstText;

    public string Name => name;

    /// <summary>Whether all cells with a value are numbers, with a point or all with a comma.</summary>
    public bool IsNumber => texts == 0 && numbers + commas > 0;

    /// <summary>Whether a comma stands for the decimal point.</summary>
    public bool HasCommas => commas > 0 && IsNumber;

    /// <summary>What a user should know, or null.</summary>
    public string? Note =>
        HasCommas ? $"'{name}' was read with decimal commas."
        : numbers > 0 && texts > 0 && numbers >= 3 * texts && firstText is var (row, text)
            ? $"'{name}' holds {numbers:N0} numbers and {texts:N0} other {(texts == 1 ? "text" : "texts")} (row {row}: "
                + $"{CellText.Show(text)}), so it counts as categories. If those mean a missing value, name them under “Missing values”."
        : null;

    public void Add(int row, ReadOnlySpan<char> text, bool isMissing)
    {
        if (isMissing)
            return;
        if (CellText.TryNumber(text, out _))
            numbers++;
        else if (CellText.TryCommaNumber(text, out _))
            commas++;
        else if (texts++ == 0)
            firstText = (row, text.ToString());
    }
}
