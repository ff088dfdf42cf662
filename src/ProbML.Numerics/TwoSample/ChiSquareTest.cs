namespace ProbML.TwoSample;

/// <summary>Pearson's X² = Σ (observed − expected)² / expected of the levels of two samples.</summary>
public static class ChiSquareTest
{
    /// <summary>Tests whether two samples of levels come from one distribution.</summary>
    /// <param name="first">How often each level occurs in the first sample, [K].</param>
    /// <param name="second">The same of the second, [K].</param>
    /// <returns>X², and P(χ² ≥ X²) of as many degrees of freedom as there are levels that occur, less one.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a count is negative, or a sample is empty.</exception>
    public static TwoSampleTestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"{first.Length} levels in the first sample, {second.Length} in the second.");
        double n = 0, m = 0, statistic = 0;
        for (int k = 0; k < first.Length; k++)
        {
            if (!(first[k] >= 0 && second[k] >= 0))
                throw new ArgumentException($"Counts must be ≥ 0, but level {k + 1} has {first[k]} and {second[k]}.");
            (n, m) = (n + first[k], m + second[k]);
        }
        if (!(n > 0 && m > 0 && double.IsFinite(n + m)))
            throw new ArgumentException($"Samples of {n} and {m} rows: both must have some.");
        int levels = 0;
        for (int k = 0; k < first.Length; k++)
        {
            double both = first[k] + second[k];
            if (both == 0)
                continue;
            levels++;
            double a = first[k] - both * n / (n + m), b = second[k] - both * m / (n + m);
            statistic += a * a / (both * n / (n + m)) + b * b / (both * m / (n + m));
        }
        return new(statistic, levels > 1 ? ChiSquared.UpperTail(statistic, levels - 1) : 1);
    }
}
