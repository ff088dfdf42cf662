namespace ProbML.Studio;

/// <summary>The values of a column: the second pass.</summary>
internal sealed class ColumnBuilder(ColumnScan scan, int rows, bool? mustBeNumber = null)
{
    private readonly bool isNumber = mustBeNumber ?? scan.IsNumber;
    private readonly double[]? numbers = (mustBeNumber ?? scan.IsNumber) ? new double[rows] : null;
    private readonly int[]? codes = (mustBeNumber ?? scan.IsNumber) ? null : new int[rows];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <exception cref="BadFileException">The column must be numbers, and the cell is none.</exception>
    public void Set(int row, ReadOnlySpan<char> text, bool isMissing)
    {
        if (isNumber)
            numbers![row] = isMissing ? double.NaN : Number(row, text);
        else
            codes![row] = isMissing ? -1 : PlaceOf(text);
    }

    public TableColumn Build()
    {
        if (isNumber)
            return TableColumn.OfNumbers(scan.Name, numbers!);
        string[] levels = [.. places.Keys];
        bool areNumbers = Array.TrueForAll(levels, level => CellText.TryNumber(level, out _));
        double[] keys = Array.ConvertAll(levels, level => areNumbers && CellText.TryNumber(level, out double number) ? number : 0);
        string[] ordered = [.. levels.Zip(keys).OrderBy(pair => pair.Second).ThenBy(pair => pair.First, StringComparer.Ordinal).Select(pair => pair.First)];
        int[] renamed = new int[levels.Length];
        for (int place = 0; place < ordered.Length; place++)
            renamed[places[ordered[place]]] = place;
        return TableColumn.OfLevels(scan.Name, Array.ConvertAll(codes!, code => code < 0 ? -1 : renamed[code]), ordered);
    }

    private double Number(int row, ReadOnlySpan<char> text)
    {
        if (CellText.TryNumber(text, out double number) || CellText.TryCommaNumber(text, out number))
            return number;
        throw new BadFileException(
            $"Row {row + 1} of '{scan.Name}' is {CellText.Show(text)}, but the other file has numbers in this column.");
    }

    private int PlaceOf(ReadOnlySpan<char> text)
    {
        var lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out int place))
            lookup[text] = place = places.Count;
        return place;
    }
}
