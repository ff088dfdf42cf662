namespace ProbML;

/// <summary>The Gamma distribution of unit scale: density xᵃ⁻¹ e⁻ˣ / Γ(a).</summary>
public static class GammaDistribution
{
    /// <summary>P(X ≤ x) = P(a, x).</summary>
    public static double Cdf(double x, double shape) => x <= 0 ? 0 : IncompleteGamma.Lower(shape, x);

    /// <summary>The x with P(X ≤ x) = p.</summary>
    /// <remarks>Started by Wilson &amp; Hilferty (1931), or left of that by P(a, x) ≈ xᵃ / Γ(a + 1).</remarks>
    public static double Quantile(double probability, double shape)
    {
        if (!(probability >= 0 && probability <= 1 && shape > 0)) return double.NaN;
        if (probability == 0) return 0;
        if (probability == 1) return double.PositiveInfinity;
        double start = Start(probability, shape);
        return start < MeanPoint.Smallest
            ? 0
            : ConcaveQuantile.Solve(new Law(shape), probability, 1 - probability, start);
    }

    private static double Start(double p, double shape)
    {
        double third = 1 / (3 * Math.Sqrt(shape));
        double root = 1 - third * third + third * NormalDistribution.Quantile(p);
        double cubed = shape * root * root * root;
        if (root > 0.5) return cubed;
        double power = Math.Exp((Math.Log(p) + GammaFunctions.LogGamma(shape + 1)) / shape);
        return power < 0.5 * (shape + 1) || root <= 0 ? power : cubed;
    }

    private readonly record struct Law(double Shape) : ILogScaleLaw
    {
        public LogScalePoint At(double x)
        {
            var tails = IncompleteGamma.Tails(Shape, x);
            return new(tails.Lower, tails.Upper, tails.Density, Shape - x);
        }
    }
}
