namespace ProbML;

/// <summary>The inverse Gaussian: V(μ) = μ³, d = (y − μ)² / (y μ²); its shape is λ = 1 / φ.</summary>
/// <remarks>
/// McCullagh &amp; Nelder (1989), §2.2; Jørgensen (1997), §3.6. In the likelihood the weight multiplies the log
/// density, as in R, though Var(Y) = φ μ³ / w.
/// </remarks>
public sealed record InverseGaussianFamily : IFamily
{
    /// <inheritdoc/>
    public string Name => "inverse-gaussian";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.InverseSquared;

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
    public double UnitVariance(in MeanPoint mean) => mean.Mean * mean.Mean * mean.Mean;

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => 3 * mean.Mean * mean.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean)
    {
        double relative = (y - mean.Mean) / mean.Mean;
        return relative * relative / y;
    }

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight) =>
        -0.5 * weight * (Math.Log(2 * Math.PI * dispersion) + 3 * Math.Log(y) + UnitDeviance(y, mean) / dispersion);

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => deviance / sumOfWeights;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        InverseGaussianDistribution.Cdf(y / mean, 1 / (dispersion * mean));

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        mean * InverseGaussianDistribution.Quantile(probability, 1 / (dispersion * mean));
}
