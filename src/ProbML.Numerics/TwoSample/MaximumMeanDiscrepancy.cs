using ProbML.Evaluation;

namespace ProbML.TwoSample;

/// <summary>MMD² = E k(x, x') + E k(y, y') − 2 E k(x, y), k(a, b) = exp(−γ‖a − b‖²): zero only where the distributions are equal.</summary>
/// <remarks>Gretton, Borgwardt, Rasch, Schölkopf &amp; Smola (2012), A Kernel Two-Sample Test.</remarks>
public static class MaximumMeanDiscrepancy
{
    /// <summary>1 / the median squared distance between rows of both samples (of a thousand drawn, where there are more).</summary>
    /// <param name="first">[n, d], row-major.</param>
    /// <param name="second">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <returns>γ; 1 where more than half of the distances are zero.</returns>
    public static double MedianGamma(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int featureCount)
    {
        SampleCheck.Rows(first, second, featureCount, least: 1);
        double median = Distances.MedianSquared(first, second, featureCount);
        return median > 0 ? 1 / median : 1;
    }

    /// <summary>The unbiased estimate, a U-statistic; it can be negative. Gretton et al. (2012), eq. 3.</summary>
    /// <param name="first">[n, d], row-major, n ≥ 2.</param>
    /// <param name="second">[m, d], m ≥ 2.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="gamma">γ.</param>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    public static double Unbiased(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int featureCount, double gamma)
    {
        var (n, m) = SampleCheck.Rows(first, second, featureCount);
        double xx = Within(first, featureCount, gamma), yy = Within(second, featureCount, gamma);
        return 2 * xx / (n * (n - 1.0)) + 2 * yy / (m * (m - 1.0))
            - 2 * Between(first, second, featureCount, gamma) / ((double)n * m);
    }

    /// <summary>The biased estimate, a V-statistic: the squared distance of the samples' mean embeddings. Ibid., eq. 5.</summary>
    /// <inheritdoc cref="Unbiased"/>
    public static double Biased(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int featureCount, double gamma)
    {
        var (n, m) = SampleCheck.Rows(first, second, featureCount, least: 1);
        double xx = Within(first, featureCount, gamma), yy = Within(second, featureCount, gamma);
        return (2 * xx + n) / ((double)n * n) + (2 * yy + m) / ((double)m * m)
            - 2 * Between(first, second, featureCount, gamma) / ((double)n * m);
    }

    /// <summary>The permutation test of the unbiased estimate: its level is exact. Memory grows as (n + m)².</summary>
    /// <param name="first">[n, d], row-major, n ≥ 2.</param>
    /// <param name="second">[m, d], m ≥ 2.</param>
    /// <param name="featureCount">d.</param>
    /// <param name="options">Kernel and permutations; null: the median's width and 999.</param>
    /// <param name="monitor">Cancellation, or null.</param>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static TwoSampleTestResult Test(
        double[] first, double[] second, int featureCount, MmdOptions? options = null, TrainingMonitor? monitor = null)
    {
        options ??= new();
        options.Validate();
        var (n, m) = SampleCheck.Rows(first, second, featureCount);
        var random = new Random(options.Seed);
        double gamma = options.Gamma ?? MedianGamma(first, second, featureCount);
        if (options is { Gamma: null, Width: KernelWidth.PowerMaximised })
        {
            int halfOfFirst = n / 2, halfOfSecond = m / 2;
            if (halfOfFirst < 2 || halfOfSecond < 2)
                throw new ArgumentException(
                    $"Samples of {n} and {m} rows are too small to be halved; give Gamma, or use KernelWidth.Median.");
            (first, second) = (Shuffled(first, featureCount, random), Shuffled(second, featureCount, random));
            gamma = KernelPower.Best(
                first[..(halfOfFirst * featureCount)], second[..(halfOfSecond * featureCount)], featureCount, gamma);
            (first, second) = (first[(halfOfFirst * featureCount)..], second[(halfOfSecond * featureCount)..]);
            n -= halfOfFirst;
        }
        double[] pooled = [.. first, .. second], kernel = Distances.Squared(pooled, pooled, featureCount);
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] = Math.Exp(-gamma * kernel[i]);
        return new PermutationTest(kernel, pooled.Length / featureCount, n, isUnbiased: true)
            .Run(options.Permutations, random, monitor);
    }

    /// <summary>The linear-time test: each row is used once, in constant memory, and p comes from the normal distribution.</summary>
    /// <remarks>Ibid., §6. Less powerful a row than <see cref="Test"/>, for samples far larger than that can take.</remarks>
    /// <inheritdoc cref="Test"/>
    public static TwoSampleTestResult LinearTimeTest(
        double[] first, double[] second, int featureCount, MmdOptions? options = null) =>
        BlockTest(first, second, featureCount, (options ?? new()) with { BlockRows = 2 });

    /// <summary>The mean of the unbiased estimates of blocks of rows, and p from the normal distribution.</summary>
    /// <remarks>Zaremba, Gretton &amp; Blaschko (2013), B-tests. A block of all rows would be the whole estimate.</remarks>
    /// <inheritdoc cref="Test"/>
    public static TwoSampleTestResult BlockTest(
        double[] first, double[] second, int featureCount, MmdOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var (n, m) = SampleCheck.Rows(first, second, featureCount, least: 4);
        int rows = Math.Min(n, m), block = options.BlockRows ?? Math.Max(2, (int)Math.Sqrt(rows)), d = featureCount;
        if (rows / block < 2)
            throw new ArgumentException($"Samples of {n} and {m} rows are too small for two blocks of {block}; use Test.");
        double gamma = options.Gamma ?? MedianGamma(first, second, d);
        var random = new Random(options.Seed);
        int[] left = Order(n, random), right = Order(m, random);
        double[] x = new double[block * d], y = new double[block * d];
        var mean = default(MeanWithError);
        for (int b = 0; b < rows / block; b++)
        {
            for (int i = 0; i < block; i++)
            {
                first.AsSpan(left[b * block + i] * d, d).CopyTo(x.AsSpan(i * d));
                second.AsSpan(right[b * block + i] * d, d).CopyTo(y.AsSpan(i * d));
            }
            double xx = Within(x, d, gamma), yy = Within(y, d, gamma);
            mean.Add(
                2 * (xx + yy) / (block * (block - 1.0)) - 2 * Between(x, y, d, gamma) / ((double)block * block), 1);
        }
        double error = mean.StandardError;
        return new(mean.Mean, error > 0 ? NormalDistribution.UpperTail(mean.Mean / error) : 1);
    }

    private static int[] Order(int count, Random random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        return order;
    }

    private static double[] Shuffled(double[] rows, int d, Random random)
    {
        int[] order = Order(rows.Length / d, random);
        var shuffled = new double[rows.Length];
        for (int i = 0; i < order.Length; i++)
            rows.AsSpan(order[i] * d, d).CopyTo(shuffled.AsSpan(i * d));
        return shuffled;
    }

    /// <summary>Σ over pairs i &lt; j.</summary>
    private static double Within(ReadOnlySpan<double> x, int d, double gamma)
    {
        double sum = 0;
        for (int i = 0; i < x.Length / d; i++)
            for (int j = 0; j < i; j++)
                sum += Math.Exp(-gamma * Distances.Squared(x.Slice(i * d, d), x.Slice(j * d, d)));
        return sum;
    }

    private static double Between(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int d, double gamma)
    {
        double sum = 0;
        for (int i = 0; i < x.Length / d; i++)
            for (int j = 0; j < y.Length / d; j++)
                sum += Math.Exp(-gamma * Distances.Squared(x.Slice(i * d, d), y.Slice(j * d, d)));
        return sum;
    }
}
