namespace ProbML;

/// <summary>The Poisson distribution: P(Y = y) = μʸ e^(−μ) / y!.</summary>
public static class PoissonDistribution
{
    /// <summary>ln P(Y = y); where y is not whole, y! is Γ(y + 1).</summary>
    /// <remarks>Loader (2000): −δ(y) − D₀(y, μ) − ½ ln(2πy).</remarks>
    public static double LogProbability(double y, double mean) => y > 0
        ? -GammaFunctions.StirlingError(y) - Elementary.PoissonDivergence(y, mean) - 0.5 * Math.Log(2 * Math.PI * y)
        : y == 0 ? -mean : double.NegativeInfinity;

    /// <summary>P(Y ≤ y) = Q(⌊y⌋ + 1, μ).</summary>
    public static double Cdf(double y, double mean) => y < 0 ? 0
        : double.IsPositiveInfinity(y) ? 1
        : IncompleteGamma.Upper(Math.Floor(y) + 1, mean);

    /// <summary>The smallest y with P(Y ≤ y) ≥ p.</summary>
    /// <remarks>Started by the Cornish–Fisher expansion.</remarks>
    public static double Quantile(double probability, double mean)
    {
        if (!(probability >= 0 && probability <= 1 && mean >= 0)) return double.NaN;
        if (probability == 0 || mean == 0) return 0;
        if (probability == 1 || double.IsPositiveInfinity(mean)) return double.PositiveInfinity;
        double z = NormalDistribution.Quantile(probability);
        return DiscreteQuantile.Solve(new Law(mean), probability, mean + z * Math.Sqrt(mean) + (z * z - 1) / 6);
    }

    private readonly record struct Law(double Mean) : ICountLaw
    {
        public double Cdf(double y) => PoissonDistribution.Cdf(y, Mean);

        public double Probability(double y) => Math.Exp(LogProbability(y, Mean));

        public double Ratio(double y) => Mean / (y + 1);
    }
}
