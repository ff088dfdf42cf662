namespace ProbML.Evaluation;

/// <summary>The generalized Pareto distribution, F(x) = 1 − (1 + k x/σ)^(−1/k) for x ≥ 0: what tails look like.</summary>
/// <param name="Shape">k: the mean is finite for k &lt; 1, the variance for k &lt; ½.</param>
/// <param name="Scale">σ &gt; 0.</param>
internal readonly record struct GeneralizedPareto(double Shape, double Scale)
{
    private const int LeastGrid = 30;
    private const double PriorFactor = 3, PriorRows = 10, PriorShape = 0.5;

    /// <summary>The x with F(x) = p.</summary>
    public double Quantile(double p) => Scale * Elementary.Expm1(-Shape * Elementary.Log1p(-p)) / Shape;

    /// <summary>Fits it to exceedances by the quasi-Bayesian estimator.</summary>
    /// <param name="sorted">Exceedances in ascending order, the largest positive.</param>
    /// <remarks>
    /// Zhang &amp; Stephens (2009): θ = −k/σ is averaged over its profile likelihood under a data-driven prior. The shape is
    /// then drawn towards ½ with the weight of ten observations (Vehtari et al. 2024, appendix G).
    /// </remarks>
    public static GeneralizedPareto Fit(ReadOnlySpan<double> sorted)
    {
        int n = sorted.Length, grid = LeastGrid + (int)Math.Sqrt(n);
        double quartile = sorted[(int)Math.Floor(n / 4.0 + 0.5) - 1], largest = sorted[^1];
        var theta = new double[grid];
        var likelihood = new double[grid];
        for (int j = 0; j < grid; j++)
        {
            theta[j] = 1 / largest + (1 - Math.Sqrt(grid / (j + 0.5))) / (PriorFactor * quartile);
            double shape = MeanLog(-theta[j], sorted);
            likelihood[j] = n * (Math.Log(-theta[j] / shape) - shape - 1);
        }
        double total = LogSum.Of(likelihood), mean = 0;
        for (int j = 0; j < grid; j++)
            mean += theta[j] * Math.Exp(likelihood[j] - total);
        double k = MeanLog(-mean, sorted), scale = -k / mean;
        k = (k * n + PriorShape * PriorRows) / (n + PriorRows);
        return new(double.IsNaN(k) ? double.PositiveInfinity : k, scale);
    }

    private static double MeanLog(double factor, ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double value in x)
            sum += Elementary.Log1p(factor * value);
        return sum / x.Length;
    }
}
