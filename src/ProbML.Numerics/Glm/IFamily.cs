namespace ProbML;

/// <summary>An exponential-dispersion family: Var(Y) = φ V(μ) / w.</summary>
/// <remarks>
/// Jørgensen (1987); McCullagh &amp; Nelder (1989), §2.2–2.3. Immutable; equal families compare equal.
/// </remarks>
public interface IFamily
{
    /// <summary>The name under which it is saved and parsed: "poisson".</summary>
    string Name { get; }

    /// <summary>
    /// The link for which η is the natural parameter (or, for the negative binomial and Tweedie, the usual one).
    /// </summary>
    ILinkFunction CanonicalLink { get; }

    /// <summary>Whether φ is free (Gaussian, Gamma) or 1 (Poisson, Bernoulli).</summary>
    bool EstimatesDispersion { get; }

    /// <summary>Whether Y takes whole numbers only, so that its density is a probability.</summary>
    bool IsDiscrete { get; }

    /// <summary>Whether y is a possible response; where not, fitting stops with the row's number.</summary>
    bool Supports(double y);

    /// <summary>What <see cref="Supports"/> asks for, for messages: "≥ 0".</summary>
    string Support { get; }

    /// <summary>Whether μ lies inside the family's mean domain (Poisson: μ &gt; 0).</summary>
    bool IsValidMean(double mean);

    /// <summary>Whether the mean a link gave lies inside the domain, its complement too where that matters.</summary>
    bool IsValidMean(in MeanPoint mean) => IsValidMean(mean.Mean);

    /// <summary>A mean inside the domain, near y, from which iterations can start.</summary>
    double InitialMean(double y);

    /// <summary>V(μ).</summary>
    double UnitVariance(in MeanPoint mean);

    /// <summary>dV/dμ.</summary>
    double UnitVarianceSlope(in MeanPoint mean);

    /// <summary>y − μ, without cancellation where μ is near the edge of its domain.</summary>
    double Residual(double y, in MeanPoint mean) => y - mean.Mean;

    /// <summary>d(y, μ) = 2φ(ln p(y; y) − ln p(y; μ)) ≥ 0, zero exactly at y = μ.</summary>
    double UnitDeviance(double y, in MeanPoint mean);

    /// <summary>
    /// The term of a row in R's logLik: ln p(y; μ, φ, w), where the weight multiplies the log density (Poisson,
    /// Bernoulli, negative binomial, Gamma, inverse Gaussian) or divides the variance (Gaussian, Tweedie).
    /// </summary>
    double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight);

    /// <summary>
    /// The φ at which R's logLik takes the likelihood: D/n or D/Σw; 1 where φ is known; the Pearson estimate for
    /// Tweedie.
    /// </summary>
    /// <param name="deviance">D.</param>
    /// <param name="pearsonDispersion">Pearson's X² / (n − p).</param>
    /// <param name="rows">n, the rows of positive weight.</param>
    /// <param name="sumOfWeights">Σw.</param>
    double LikelihoodDispersion(double deviance, double pearsonDispersion, long rows, double sumOfWeights);

    /// <summary>P(Y ≤ y) at mean μ and dispersion φ.</summary>
    double CumulativeProbability(double y, double mean, double dispersion);

    /// <summary>The smallest y with P(Y ≤ y) ≥ p.</summary>
    double Quantile(double probability, double mean, double dispersion);
}
