namespace ProbML;

/// <summary>The Poisson: V(μ) = μ, d = 2[y ln(y / μ) − (y − μ)].</summary>
/// <remarks>
/// McCullagh &amp; Nelder (1989), ch. 6. Responses that are not whole are let in, as in R (which warns):
/// quasi-likelihood needs no more than y ≥ 0. In the likelihood y! is then Γ(y + 1).
/// </remarks>
public sealed record PoissonFamily : IFamily
{
    /// <inheritdoc/>
    public string Name => "poisson";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Log;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public string Support => "≥ 0";

    /// <inheritdoc/>
    public bool Supports(double y) => y >= 0 && double.IsFinite(y);

    /// <inheritdoc/>
    public bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public double InitialMean(double y) => y + 0.1;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => mean.Mean;

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => 1;

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean) => 2 * Elementary.PoissonDivergence(y, mean.Mean);

    /// <inheritdoc/>
    /// <remarks>Loader (2000): saddle-point form, which does not cancel for large counts.</remarks>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight) =>
        weight * PoissonDistribution.LogProbability(y, mean.Mean);

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => 1;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) => PoissonDistribution.Cdf(y, mean);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        PoissonDistribution.Quantile(probability, mean);
}
