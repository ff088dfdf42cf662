namespace ProbML.TwoSample;

/// <summary>Adjusts the p-values of several tests, so that they can be held against one level.</summary>
public static class MultipleTesting
{
    /// <summary>Holm's: the probability of any false alarm at all is at most the level. Holm (1979).</summary>
    /// <param name="pValues">[k], in any order.</param>
    public static double[] Holm(ReadOnlySpan<double> pValues)
    {
        int count = pValues.Length;
        var (sorted, places) = Sorted(pValues);
        var adjusted = new double[count];
        double largest = 0;
        for (int k = 0; k < count; k++)
            adjusted[places[k]] = largest = Math.Max(largest, Math.Min(1, (count - k) * sorted[k]));
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg's: the expected share of false alarms among all is at most the level.</summary>
    /// <remarks>Benjamini &amp; Hochberg (1995); for independent or positively dependent tests.</remarks>
    /// <param name="pValues">[k], in any order.</param>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> pValues)
    {
        int count = pValues.Length;
        var (sorted, places) = Sorted(pValues);
        var adjusted = new double[count];
        double least = 1;
        for (int k = count - 1; k >= 0; k--)
            adjusted[places[k]] = least = Math.Min(least, sorted[k] * count / (k + 1));
        return adjusted;
    }

    private static (double[] Sorted, int[] Places) Sorted(ReadOnlySpan<double> pValues)
    {
        double[] sorted = pValues.ToArray();
        foreach (double p in sorted)
            if (!(p >= 0 && p <= 1))
                throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value must lie between 0 and 1.");
        int[] places = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, places);
        return (sorted, places);
    }
}
