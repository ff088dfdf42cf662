using System.Globalization;

namespace ProbML.Studio;

/// <summary>A column of a table in memory: numbers, NaN where missing, or places in a list of levels, −1 where missing.</summary>
internal sealed class TableColumn
{
    private TableColumn(string name, double[]? numbers, int[]? codes, IReadOnlyList<string> levels)
    {
        (Name, Numbers, Codes, Levels) = (name, numbers, codes, levels);
        Missing = numbers?.Count(double.IsNaN) ?? codes!.Count(code => code < 0);
    }

    public string Name { get; }

    /// <summary>The numbers; null: the column is levels.</summary>
    public double[]? Numbers { get; }

    /// <summary>The place of each row's level; null: the column is numbers.</summary>
    public int[]? Codes { get; }

    /// <summary>The levels, numbers by size and texts in ordinal order; empty for numbers.</summary>
    public IReadOnlyList<string> Levels { get; }

    public bool IsNumber => Numbers is not null;

    public int Rows => Numbers?.Length ?? Codes!.Length;

    /// <summary>How many rows have no value.</summary>
    public int Missing { get; }

    /// <summary>How many different values there are.</summary>
    public int Distinct => distinct ??= Numbers?.Where(number => !double.IsNaN(number)).Distinct().Count() ?? Levels.Count;
    private int? distinct;

    public static TableColumn OfNumbers(string name, double[] numbers) => new(name, numbers, null, []);

    public static TableColumn OfLevels(string name, int[] codes, IReadOnlyList<string> levels) => new(name, null, codes, levels);

    public bool IsMissing(int row) => Numbers is null ? Codes![row] < 0 : double.IsNaN(Numbers[row]);

    /// <summary>A cell as text; empty: missing.</summary>
    public string Text(int row) => IsMissing(row) ? ""
        : Numbers is null ? Levels[Codes![row]] : Numbers[row].ToString(CultureInfo.InvariantCulture);

    /// <summary>The same column with its numbers as levels.</summary>
    public TableColumn AsLevels()
    {
        if (Numbers is null)
            return this;
        double[] values = [.. Numbers.Where(number => !double.IsNaN(number)).Distinct().Order()];
        var places = values.Select((value, place) => (value, place)).ToDictionary(pair => pair.value, pair => pair.place);
        return OfLevels(
            Name,
            [.. Numbers.Select(number => double.IsNaN(number) ? -1 : places[number])],
            [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Quantiles and mean of the numbers that are there.</summary>
    public NumberSummary Summary => summary ??= NumberSummary.Of(Numbers ?? []);
    private NumberSummary? summary;

    /// <summary>Whether single precision moves no number by more than a millionth of the numbers' standard deviation.</summary>
    public bool FitsSingle
    {
        get
        {
            double most = 1e-6 * Math.Sqrt(Summary.Variance);
            return Numbers is not null && Numbers.All(number => double.IsNaN(number) || (float.IsFinite((float)number) && Math.Abs(number - (float)number) <= most));
        }
    }

    /// <summary>The level that occurs most; null: there is none.</summary>
    public string? CommonestLevel => Codes?.Where(code => code >= 0).CountBy(code => code)
        .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => Levels[pair.Key]).FirstOrDefault();
}

/// <summary>What a column's numbers are like, missing ones left out.</summary>
internal sealed record NumberSummary(
    int Count, double Minimum, double Median, double Maximum, double Mean, double Variance, bool AreIntegers, double ZeroShare)
{
    public static NumberSummary Of(IReadOnlyList<double> numbers)
    {
        double[] sorted = [.. numbers.Where(number => !double.IsNaN(number)).Order()];
        if (sorted.Length == 0)
            return new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, false, 0);
        double mean = sorted.Average();
        return new(
            sorted.Length,
            sorted[0],
            sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2,
            sorted[^1],
            mean,
            sorted.Length > 1 ? sorted.Sum(number => (number - mean) * (number - mean)) / (sorted.Length - 1) : 0,
            sorted.All(double.IsInteger),
            sorted.Count(number => number == 0) / (double)sorted.Length);
    }

    /// <summary>The p-quantile between the least and the greatest, of numbers spread evenly: a grid for what-if tables.</summary>
    public IEnumerable<double> Grid(int points) =>
        Enumerable.Range(0, points).Select(i => Minimum + (Maximum - Minimum) * i / (points - 1)).Distinct();
}
