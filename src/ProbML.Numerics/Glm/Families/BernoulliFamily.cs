namespace ProbML;

/// <summary>The Bernoulli: V(μ) = μ(1 − μ), d = 2[y ln(y / μ) + (1 − y) ln((1 − y) / (1 − μ))].</summary>
/// <remarks>
/// McCullagh &amp; Nelder (1989), ch. 4. As in R, a response may be the proportion y of successes among w trials, w the
/// row's weight; its likelihood is then the binomial's, with the coefficient C(w, wy) continued by Γ where wy is not
/// whole. Where y is 0 or 1 the coefficient is 1, and the weight is a count of equal rows.
/// </remarks>
public sealed record BernoulliFamily : IFamily
{
    /// <inheritdoc/>
    public string Name => "bernoulli";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Logit;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public string Support => "in [0, 1]";

    /// <inheritdoc/>
    public bool Supports(double y) => y is >= 0 and <= 1;

    /// <inheritdoc/>
    /// <remarks>
    /// One is let in, for a mean may round to it; <see cref="IsValidMean(in MeanPoint)"/> looks closer.
    /// </remarks>
    public bool IsValidMean(double mean) => mean is > 0 and <= 1;

    /// <inheritdoc/>
    public bool IsValidMean(in MeanPoint mean) => mean.Mean > 0 && mean.Complement > 0;

    /// <inheritdoc/>
    public double InitialMean(double y) => (y + 0.5) / 2;

    /// <inheritdoc/>
    public double Residual(double y, in MeanPoint mean) => y * mean.Complement - (1 - y) * mean.Mean;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => mean.Mean * mean.Complement;

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => mean.Complement - mean.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean) => y switch
    {
        1 => -2 * mean.LogMean,
        0 => -2 * mean.LogComplement,
        _ => 2 * (Divergence(y, mean.Mean, mean.LogMean) + Divergence(1 - y, mean.Complement, mean.LogComplement)),
    };

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight) => y switch
    {
        1 => weight * mean.LogMean,
        0 => weight * mean.LogComplement,
        _ => weight * (y * mean.LogMean + (1 - y) * mean.LogComplement)
            - Math.Log(weight + 1) - GammaFunctions.LogBeta(weight * y + 1, weight * (1 - y) + 1),
    };

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => 1;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        y < 0 ? 0 : y < 1 ? 1 - mean : 1;

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) => probability <= 1 - mean ? 0 : 1;

    /// <summary>y ln(y / μ) + μ − y; the linear parts of the two outcomes cancel.</summary>
    private static double Divergence(double y, double mean, double logMean) => mean > MeanPoint.Smallest
        ? Elementary.PoissonDivergence(y, mean)
        : y * (Math.Log(y) - logMean) - y;
}
