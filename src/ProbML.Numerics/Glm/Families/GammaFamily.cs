namespace ProbML;

/// <summary>The Gamma: V(μ) = μ², d = 2[(y − μ) / μ − ln(y / μ)]; its shape is 1 / φ.</summary>
/// <remarks>
/// McCullagh &amp; Nelder (1989), ch. 8. In the likelihood the weight multiplies the log density, as in R, though
/// Var(Y) = φ μ² / w.
/// </remarks>
public sealed record GammaFamily : IFamily
{
    /// <inheritdoc/>
    public string Name => "gamma";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Reciprocal;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public string Support => "> 0";

    /// <inheritdoc/>
    public bool Supports(double y) => y > 0 && double.IsFinite(y);

    /// <inheritdoc/>
    public bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public double InitialMean(double y) => y;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => mean.Mean * mean.Mean;

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => 2 * mean.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean) => 2 * Elementary.RatioExcess(y, mean.Mean);

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight)
    {
        double shape = 1 / dispersion;
        double saddle = 0.5 * Math.Log(shape / (2 * Math.PI)) - GammaFunctions.StirlingError(shape);
        return weight * (saddle - 0.5 * shape * UnitDeviance(y, mean) - Math.Log(y));
    }

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => deviance / sumOfWeights;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        GammaDistribution.Cdf(y / (mean * dispersion), 1 / dispersion);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        mean * dispersion * GammaDistribution.Quantile(probability, 1 / dispersion);
}
