using System.Globalization;

namespace ProbML;

/// <summary>
/// The negative binomial: V(μ) = μ + μ² / θ, d = 2[y ln(y / μ) − (y + θ) ln((y + θ) / (μ + θ))].
/// </summary>
/// <remarks>
/// McCullagh &amp; Nelder (1989), §11.2; Venables &amp; Ripley (2002), §7.4. θ is null where it is to be estimated;
/// what needs it then throws <see cref="InvalidOperationException"/>. As in R, y may be any number ≥ 0.
/// </remarks>
public sealed record NegativeBinomialFamily : IFamily
{
    /// <summary>The negative binomial of a known θ, or of one to be estimated (null).</summary>
    /// <exception cref="ArgumentOutOfRangeException">θ is not a positive finite number.</exception>
    public NegativeBinomialFamily(double? theta = null)
    {
        if (theta is double value && !(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), value,
                "Theta of a negative binomial must be a positive finite number, or null to be estimated.");
        }
        Theta = theta;
    }

    /// <summary>θ, or null where it is to be estimated.</summary>
    public double? Theta { get; }

    /// <inheritdoc/>
    public string Name => Theta is double theta
        ? string.Create(CultureInfo.InvariantCulture, $"negative-binomial({theta:R})")
        : "negative-binomial";

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Log;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public string Support => "≥ 0";

    private double Known => Theta ?? throw new InvalidOperationException(
        "Theta of this negative binomial is not known yet. Fit it, or choose Families.NegativeBinomial(theta).");

    /// <inheritdoc/>
    public bool Supports(double y) => y >= 0 && double.IsFinite(y);

    /// <inheritdoc/>
    public bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public double InitialMean(double y) => y > 0 ? y : 1.0 / 6;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => mean.Mean * (1 + mean.Mean / Known);

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => 1 + 2 * mean.Mean / Known;

    /// <inheritdoc/>
    /// <remarks>
    /// d/2 = y ln(1 + A) − θ ln(1 + B) with A = θ(y − μ) / (μ(y + θ)) and B = (y − μ) / (μ + θ); near y = μ the parts
    /// linear in A and B are joined, and what is left does not cancel.
    /// </remarks>
    public double UnitDeviance(double y, in MeanPoint mean)
    {
        double theta = Known, mu = mean.Mean, difference = y - mu, sum = mu + theta;
        if (y == 0) return 2 * theta * Elementary.Log1p(mu / theta);
        double a = theta / (y + theta) * (difference / mu), b = difference / sum;
        if (Math.Abs(a) < 0.5 && Math.Abs(b) < 0.5)
        {
            return 2 * (theta * a * b - y * Elementary.LogExcess(a) + theta * Elementary.LogExcess(b));
        }
        double logA = a > -0.5 ? Elementary.Log1p(a) : Math.Log(y / (y + theta) * (sum / mu));
        double logB = b > -0.5 ? Elementary.Log1p(b) : Math.Log((y + theta) / sum);
        return Math.Max(0, 2 * (y * logA - theta * logB));
    }

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight) =>
        weight * NegativeBinomialDistribution.LogProbability(y, mean.Mean, Known);

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => 1;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        NegativeBinomialDistribution.Cdf(y, mean, Known);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        NegativeBinomialDistribution.Quantile(probability, mean, Known);
}
