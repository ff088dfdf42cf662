namespace ProbML.TwoSample;

/// <summary>A row that was drawn: its place, and what it holds.</summary>
/// <param name="Priority">What it was drawn by.</param>
/// <param name="Source">The name of its source.</param>
/// <param name="Row">Its one-based number there.</param>
/// <param name="Numbers">Of the columns of numbers, in order; NaN: missing.</param>
/// <param name="Levels">Of the columns of levels, in order; null: missing.</param>
internal sealed record SampledRow(ulong Priority, string Source, long Row, double[] Numbers, string?[] Levels)
{
    /// <summary>By priority; by place where two have the same.</summary>
    public static Comparer<SampledRow> ByPriority { get; } = Comparer<SampledRow>.Create((x, y) =>
        x.Priority != y.Priority ? x.Priority.CompareTo(y.Priority) : ByPlace!.Compare(x, y));

    /// <summary>By source and number.</summary>
    public static Comparer<SampledRow> ByPlace { get; } = Comparer<SampledRow>.Create((x, y) =>
        string.CompareOrdinal(x.Source, y.Source) is var order and not 0 ? order : x.Row.CompareTo(y.Row));

    /// <summary>The rows of least priority, ordered by it: of a union those of both's.</summary>
    public static SampledRow[] Least(IEnumerable<SampledRow> rows, int most) => [.. rows.Order(ByPriority).Take(most)];
}
