namespace ProbML.TwoSample;

/// <summary>2 E‖x − y‖ − E‖x − x'‖ − E‖y − y'‖: zero only where the distributions are equal, and no width to choose.</summary>
/// <remarks>Székely &amp; Rizzo (2013), Energy statistics. The MMD of the kernel −‖x − y‖ (Sejdinovic et al. 2013).</remarks>
public static class EnergyDistance
{
    /// <summary>The estimate from two samples, a V-statistic, ≥ 0. Its square root is a metric.</summary>
    /// <param name="first">[n, d], row-major.</param>
    /// <param name="second">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <exception cref="ArgumentException">A sample is empty, or has a number that is not finite.</exception>
    public static double Of(double[] first, double[] second, int featureCount)
    {
        var (n, m) = SampleCheck.Rows(first, second, featureCount, least: 1);
        return 2 * Total(first, second, featureCount) / ((double)n * m)
            - Total(first, first, featureCount) / ((double)n * n) - Total(second, second, featureCount) / ((double)m * m);
    }

    /// <summary>The permutation test: its level is exact. Memory grows as (n + m)².</summary>
    /// <param name="first">[n, d], row-major.</param>
    /// <param name="second">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="permutations">How many relabellings of the rows p rests on.</param>
    /// <param name="seed">Draws them.</param>
    /// <param name="monitor">Cancellation, or null.</param>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    public static TwoSampleTestResult Test(
        double[] first, double[] second, int featureCount, int permutations = 999, int seed = 1, TrainingMonitor? monitor = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(permutations);
        var (n, _) = SampleCheck.Rows(first, second, featureCount);
        double[] pooled = [.. first, .. second], kernel = Distances.Squared(pooled, pooled, featureCount);
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] = -Math.Sqrt(kernel[i]);
        return new PermutationTest(kernel, pooled.Length / featureCount, n, isUnbiased: false)
            .Run(permutations, new Random(seed), monitor);
    }

    private static double Total(double[] x, double[] y, int d)
    {
        double sum = 0;
        for (int i = 0; i < x.Length / d; i++)
            for (int j = 0; j < y.Length / d; j++)
                sum += Math.Sqrt(Distances.Squared(x.AsSpan(i * d, d), y.AsSpan(j * d, d)));
        return sum;
    }
}
