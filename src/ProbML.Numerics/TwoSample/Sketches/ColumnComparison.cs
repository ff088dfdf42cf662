namespace ProbML.TwoSample;

/// <summary>How a column of two sketches differs.</summary>
/// <param name="Name">The column.</param>
/// <param name="Values">Numbers: Kolmogorov and Smirnov's test of the rows drawn. Levels: the chi-square test of all rows (of the rows drawn where a sketch did not count them), a missing one a level like others.</param>
/// <param name="Missing">Numbers: the chi-square test of how many of all rows lack one; null: none does, or levels.</param>
/// <param name="Mean">Numbers: Welch's t of all rows, two-sided; null: it is not defined, or levels.</param>
/// <param name="PValue">min(1, q · the least p of these q questions): Bonferroni's.</param>
/// <param name="HolmPValue">The same among all columns: the probability of any false alarm is at most the level.</param>
/// <param name="BenjaminiHochbergPValue">The same: the expected share of false alarms among all is at most the level.</param>
public sealed record ColumnComparison(
    string Name,
    TwoSampleTestResult Values,
    TwoSampleTestResult? Missing,
    TwoSampleTestResult? Mean,
    double PValue,
    double HolmPValue,
    double BenjaminiHochbergPValue)
{
    internal static ColumnComparison Of(SketchColumn column, TableSketch reference, TableSketch current) => column.IsLevels
        ? From(column.Name, SketchCounts.Test(column.Name, reference, current), null, null)
        : OfNumbers(column.Name, reference, current);

    /// <summary>t = (x̄ − ȳ)/√(s²/n + r²/m), by Welch and Satterthwaite's degrees of freedom; null: a variance is not known, or both are 0.</summary>
    /// <remarks>Welch (1947).</remarks>
    internal static TwoSampleTestResult? Welch(NumberSummary reference, NumberSummary current)
    {
        double a = reference.Variance / reference.Count, b = current.Variance / current.Count, sum = a + b;
        if (!(sum > 0 && double.IsFinite(sum)))
            return null;
        double t = (current.Mean - reference.Mean) / Math.Sqrt(sum), u = a / sum, v = b / sum;
        return new(t, StudentT.TwoSided(t, 1 / (u * u / (reference.Count - 1) + v * v / (current.Count - 1))));
    }

    private static ColumnComparison OfNumbers(string name, TableSketch reference, TableSketch current)
    {
        NumberSummary before = reference.Numbers(name), now = current.Numbers(name);
        var missing = before.Missing + now.Missing == 0
            ? null
            : ChiSquareTest.Test([before.Count, before.Missing], [now.Count, now.Missing]);
        double[] x = [.. reference.SampledNumbers(name).Where(double.IsFinite)], y = [.. current.SampledNumbers(name).Where(double.IsFinite)];
        return From(
            name,
            x.Length == 0 || y.Length == 0 ? new(0, 1) : KolmogorovSmirnov.Test(x, y),
            missing,
            Welch(before, now));
    }

    private static ColumnComparison From(string name, TwoSampleTestResult values, TwoSampleTestResult? missing, TwoSampleTestResult? mean)
    {
        double[] all = [values.PValue, .. missing is null ? [] : new[] { missing.PValue }, .. mean is null ? [] : new[] { mean.PValue }];
        double p = Math.Min(1, all.Length * all.Min());
        return new(name, values, missing, mean, p, p, p);
    }
}
