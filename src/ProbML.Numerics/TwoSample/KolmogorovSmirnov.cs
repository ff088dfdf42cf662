namespace ProbML.TwoSample;

/// <summary>D = sup |F̂(x) − Ĝ(x)|: the largest gap between two samples' empirical distribution functions.</summary>
/// <remarks>Hodges (1958); Schröer &amp; Trenkler (1995) for ties.</remarks>
public static class KolmogorovSmirnov
{
    private const double ExactUpTo = 1e6;
    private const int Terms = 200;

    /// <summary>Tests whether two samples of numbers come from one distribution.</summary>
    /// <remarks>
    /// p is exact, given the ties, where n m ≤ 1,000,000, and else Kolmogorov's limit P(√(nm/(n + m)) D ≥ t), which ties make
    /// somewhat too large.
    /// </remarks>
    /// <param name="first">[n].</param>
    /// <param name="second">[m].</param>
    /// <exception cref="ArgumentException">A sample is empty, or has a number that is not finite.</exception>
    public static TwoSampleTestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var (n, m) = SampleCheck.Rows(first, second, 1, least: 1);
        double[] x = first.ToArray(), y = second.ToArray();
        Array.Sort(x);
        Array.Sort(y);
        // Gaps are compared as whole numbers, |i m − j n|: no rounding decides what is as large.
        long largest = 0;
        var isLastOfTies = new bool[n + m + 1];
        for (int i = 0, j = 0; i < n || j < m;)
        {
            double value = j >= m || i < n && x[i] <= y[j] ? x[i] : y[j];
            while (i < n && x[i] == value)
                i++;
            while (j < m && y[j] == value)
                j++;
            isLastOfTies[i + j] = true;
            largest = Math.Max(largest, Math.Abs((long)i * m - (long)j * n));
        }
        double statistic = largest / ((double)n * m);
        double p = (double)n * m <= ExactUpTo
            ? Exact(n, m, largest, isLastOfTies)
            : Limit(statistic * Math.Sqrt((double)n * m / ((double)n + m)));
        return new(statistic, Math.Clamp(p, 0, 1));
    }

    /// <summary>The share of the orders of the pooled rows whose gap is as large: paths from (0, 0) to (n, m) that touch it.</summary>
    private static double Exact(int n, int m, long largest, bool[] isLastOfTies)
    {
        if (largest == 0)
            return 1;
        // touching[j]: of the paths to (i, j), the share that has touched the gap.
        var touching = new double[m + 1];
        for (int i = 0; i <= n; i++)
            for (int j = 0; j <= m; j++)
            {
                bool isThere = isLastOfTies[i + j] && Math.Abs((long)i * m - (long)j * n) >= largest;
                touching[j] = isThere ? 1
                    : i + j == 0 ? 0
                    : i == 0 ? touching[j - 1]
                    : j == 0 ? touching[j]
                    : (i * touching[j] + j * touching[j - 1]) / (i + j);
            }
        return touching[m];
    }

    /// <summary>2 Σ (−1)ᵏ⁻¹ exp(−2 k² t²). Kolmogorov (1933).</summary>
    private static double Limit(double t)
    {
        if (t < 0.2)
            return 1;
        double sum = 0;
        for (int k = Terms; k >= 1; k--)
            sum += (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * t * t);
        return 2 * sum;
    }
}
