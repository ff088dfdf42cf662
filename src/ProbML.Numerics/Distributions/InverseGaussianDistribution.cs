namespace ProbML;

/// <summary>The inverse Gaussian distribution of unit mean: density √(λ / (2πx³)) exp(−λ(x − 1)² / (2x)).</summary>
/// <remarks>
/// Giner &amp; Smyth (2016), statmod: Probability Calculations for the Inverse Gaussian Distribution.
/// </remarks>
public static class InverseGaussianDistribution
{
    /// <summary>P(X ≤ x) = Φ(q) + e^(2λ) Φ(−r), q = √(λ/x)(x − 1), r = √(λ/x)(x + 1).</summary>
    /// <remarks>r² − q² = 4λ, so e^(2λ) Φ(−r) = e^(−q²/2) · e^(r²/2) Φ(−r): nothing overflows.</remarks>
    public static double Cdf(double x, double shape) => x <= 0 ? 0 : new Law(shape).At(x).Lower;

    /// <summary>P(X &gt; x).</summary>
    public static double UpperTail(double x, double shape) => x <= 0 ? 1 : new Law(shape).At(x).Upper;

    /// <summary>The x with P(X ≤ x) = p.</summary>
    public static double Quantile(double probability, double shape)
    {
        if (!(probability >= 0 && probability <= 1 && shape > 0)) return double.NaN;
        if (probability == 0) return 0;
        if (probability == 1) return double.PositiveInfinity;
        return ConcaveQuantile.Solve(new Law(shape), probability, 1 - probability, Start(probability, shape));
    }

    /// <summary>A log-normal near the bulk; the chi-squared of 1 / X on the left where that is heavy.</summary>
    private static double Start(double p, double shape)
    {
        double z = NormalDistribution.Quantile(p);
        if (shape > 1) return Math.Exp(z / Math.Sqrt(shape) - 0.5 / shape);
        double tail = NormalDistribution.Quantile(0.5 * p);
        double left = shape / (tail * tail);
        return p < 0.9 ? Math.Min(left, 1 + 1 / shape) : 1 + z * z / shape;
    }

    private readonly record struct Law(double Shape) : ILogScaleLaw
    {
        public LogScalePoint At(double x)
        {
            if (double.IsPositiveInfinity(x)) return new(1, 0, 0, double.NegativeInfinity);
            double root = Math.Sqrt(Shape / x), q = root * (x - 1), r = root * (x + 1);
            double bell = NormalDistribution.Bell(q), far = NormalDistribution.ScaledTail(r);
            double near = NormalDistribution.ScaledTail(Math.Abs(q));
            double density = NormalDistribution.Density(q) * root, slope = -0.5 - 0.5 * Shape * (x - 1 / x);
            if (q < 0)
            {
                double lower = bell * (near + far);
                return new(lower, 1 - lower, density, slope);
            }
            double upper = bell * (near - far);
            return new(1 - upper, upper, density, slope);
        }
    }
}
