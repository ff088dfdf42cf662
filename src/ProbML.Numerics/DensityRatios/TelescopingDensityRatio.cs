using ProbML.TwoSample;

namespace ProbML.DensityRatios;

/// <summary>ln r = Σ ln pₖ₊₁/pₖ over waypoints between the samples: for samples so far apart that a classifier learns nothing.</summary>
/// <remarks>
/// Waypoint k is made of rows √(1 − α²) y + α x, α = k/K, pairs drawn at random. Rhodes, Xu &amp; Gutmann (2020), Telescoping
/// density-ratio estimation, §3.1.
/// </remarks>
public sealed class TelescopingDensityRatio : IDensityRatio
{
    private readonly RatioFunction[] bridges;

    private TelescopingDensityRatio(int featureCount, RatioFunction[] bridges) =>
        (FeatureCount, this.bridges) = (featureCount, bridges);

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>How many ratios are multiplied, K.</summary>
    public int Bridges => bridges.Length;

    /// <summary>Fits the bridges.</summary>
    /// <param name="numerator">[n, d], row-major.</param>
    /// <param name="denominator">[m, d].</param>
    /// <param name="featureCount">d.</param>
    /// <param name="bridges">K; 1 is a plain classifier.</param>
    /// <param name="options">The classifier of each bridge; null: one component, of a shape that held-out rows choose.</param>
    /// <param name="monitor">Progress and cancellation, or null.</param>
    /// <exception cref="ArgumentException">A sample is too small, or has a number that is not finite.</exception>
    public static TelescopingDensityRatio Fit(
        double[] numerator,
        double[] denominator,
        int featureCount,
        int bridges = 5,
        DensityRatioOptions? options = null,
        TrainingMonitor? monitor = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bridges);
        options ??= new() { Components = 1 };
        var (n, m) = SampleCheck.Rows(numerator, denominator, featureCount);
        int rows = Math.Max(n, m), d = featureCount;
        var random = new Random(options.Seed ?? 1);
        int[] left = Cycle(n), right = Cycle(m);
        var fitter = new DensityRatioFitter(options);
        var functions = new RatioFunction[bridges];
        double[] nearer = denominator;
        for (int k = 1; k <= bridges; k++)
        {
            double[] further = k == bridges ? numerator : Waypoint(k / (double)bridges);
            functions[k - 1] = fitter.FitOnce(
                new MatrixDesign(
                    [.. further, .. nearer],
                    [.. Enumerable.Repeat(1.0, further.Length / d), .. Enumerable.Repeat(0.0, nearer.Length / d)]),
                monitor ?? TrainingMonitor.None);
            nearer = further;
        }
        return new(d, functions);

        int[] Cycle(int count)
        {
            int[] order = [.. Enumerable.Range(0, rows).Select(i => i % count)];
            random.Shuffle(order);
            return order;
        }

        double[] Waypoint(double share)
        {
            double rest = Math.Sqrt(1 - share * share);
            var mixed = new double[rows * d];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < d; j++)
                    mixed[i * d + j] = share * numerator[left[i] * d + j] + rest * denominator[right[i] * d + j];
            return mixed;
        }
    }

    /// <inheritdoc/>
    public double LogRatio(ReadOnlySpan<double> x)
    {
        if (x.Length != FeatureCount)
            throw new ArgumentException($"{x.Length} features were given; the ratio has {FeatureCount}.", nameof(x));
        double sum = 0;
        foreach (var bridge in bridges)
            sum += bridge.LogRatio(x);
        return sum;
    }
}
