namespace ProbML;

/// <summary>The Gaussian: V(μ) = 1, d = (y − μ)².</summary>
/// <remarks>McCullagh &amp; Nelder (1989), ch. 3. The weight divides the variance: Var(Y) = φ / w.</remarks>
public sealed record GaussianFamily : IFamily
{
    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Identity;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public string Support => "finite";

    /// <inheritdoc/>
    public bool Supports(double y) => double.IsFinite(y);

    /// <inheritdoc/>
    public bool IsValidMean(double mean) => double.IsFinite(mean);

    /// <inheritdoc/>
    public double InitialMean(double y) => y;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => 1;

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => 0;

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean) => (y - mean.Mean) * (y - mean.Mean);

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight)
    {
        double variance = dispersion / weight;
        return -0.5 * (Math.Log(2 * Math.PI * variance) + UnitDeviance(y, mean) / variance);
    }

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => deviance / rows;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        NormalDistribution.Cdf((y - mean) / Math.Sqrt(dispersion));

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        mean + Math.Sqrt(dispersion) * NormalDistribution.Quantile(probability);
}
