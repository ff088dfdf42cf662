namespace ProbML;

/// <summary>
/// The negative binomial distribution of mean μ and variance μ + μ² / θ: P(Y = y) = Γ(y + θ) / (Γ(θ) y!) ·
/// (θ / (θ + μ))^θ (μ / (θ + μ))ʸ.
/// </summary>
public static class NegativeBinomialDistribution
{
    /// <summary>ln P(Y = y); where y is not whole, y! is Γ(y + 1).</summary>
    /// <remarks>Loader (2000), as R's dnbinom: saddle-point form, exact also as θ → ∞, the Poisson.</remarks>
    public static double LogProbability(double y, double mean, double theta)
    {
        double none = -theta * Elementary.Log1p(mean / theta);
        if (!(y > 0)) return y == 0 ? none : double.NegativeInfinity;
        double sum = y + theta, success = mean / (mean + theta), failure = theta / (mean + theta);
        double shift = y * failure - theta * success;
        double divergence = Divergence(y, -shift / y, sum * success) + Divergence(theta, shift / theta, sum * failure);
        return GammaFunctions.StirlingError(sum) - GammaFunctions.StirlingError(y) - GammaFunctions.StirlingError(theta)
            - divergence + 0.5 * Math.Log(theta / (sum * (2 * Math.PI * y)));
    }

    /// <summary>P(Y ≤ y) = I(θ, ⌊y⌋ + 1) at θ / (θ + μ).</summary>
    public static double Cdf(double y, double mean, double theta) => y < 0 ? 0
        : double.IsPositiveInfinity(y) ? 1
        : IncompleteBeta.Lower(theta, Math.Floor(y) + 1, theta / (theta + mean), mean / (theta + mean));

    /// <summary>The smallest y with P(Y ≤ y) ≥ p.</summary>
    /// <remarks>
    /// Started by the Cornish–Fisher expansion, or where θ is small by the Gamma that Y / μ tends to.
    /// </remarks>
    public static double Quantile(double probability, double mean, double theta)
    {
        if (!(probability >= 0 && probability <= 1 && mean >= 0)) return double.NaN;
        if (probability == 0 || mean == 0) return 0;
        if (probability == 1 || double.IsPositiveInfinity(mean)) return double.PositiveInfinity;
        return DiscreteQuantile.Solve(new Law(mean, theta), probability, Guess(probability, mean, theta));
    }

    private static double Guess(double p, double mean, double theta)
    {
        double z = NormalDistribution.Quantile(p), spread = Math.Sqrt(mean * (1 + mean / theta));
        double expansion = mean + z * spread + (z * z - 1) * (1 + 2 * mean / theta) / 6;
        return theta > 30 || mean + 5 * spread < 50 ? expansion : mean / theta * GammaDistribution.Quantile(p, theta);
    }

    /// <summary>x ln(x / m) + m − x, given t = (m − x) / x too.</summary>
    private static double Divergence(double x, double t, double m) =>
        t is > -0.5 and < 1 ? x * Elementary.LogExcess(t) : Elementary.PoissonDivergence(x, m);

    private readonly record struct Law(double Mean, double Theta) : ICountLaw
    {
        private readonly double odds = Mean / (Mean + Theta);

        public double Cdf(double y) => NegativeBinomialDistribution.Cdf(y, Mean, Theta);

        public double Probability(double y) => Math.Exp(LogProbability(y, Mean, Theta));

        public double Ratio(double y) => (y + Theta) / (y + 1) * odds;
    }
}
