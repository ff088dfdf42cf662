using System.Globalization;

namespace ProbML;

/// <summary>
/// The Tweedie compound Poisson-Gamma: V(μ) = μᵖ, 1 &lt; p &lt; 2, d = 2[y^(2−p) / ((1−p)(2−p)) − y μ^(1−p) / (1−p) +
/// μ^(2−p) / (2−p)].
/// </summary>
/// <remarks>
/// Jørgensen (1997), ch. 4; Dunn &amp; Smyth (2005). The weight divides the variance: Var(Y) = φ μᵖ / w. Other powers
/// have families of their own: 0 Gaussian, 1 Poisson, 2 Gamma, 3 inverse Gaussian.
/// </remarks>
public sealed record TweedieFamily : IFamily
{
    /// <summary>The Tweedie of a variance power p.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not inside (1, 2).</exception>
    public TweedieFamily(double power)
    {
        if (!(power > 1 && power < 2))
        {
            string instead = power switch
            {
                0 => "choose Families.Gaussian for 0",
                1 => "choose Families.Poisson for 1",
                2 => "choose Families.Gamma for 2",
                3 => "choose Families.InverseGaussian for 3",
                _ => "choose 1.5 if in doubt",
            };
            throw new ArgumentOutOfRangeException(nameof(power), power,
                $"The power of a Tweedie family must lie between 1 and 2, both excluded; {instead}.");
        }
        Power = power;
    }

    /// <summary>p, the power of the variance function.</summary>
    public double Power { get; }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"tweedie({Power:R})");

    /// <inheritdoc/>
    public ILinkFunction CanonicalLink => Links.Log;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public string Support => "≥ 0";

    /// <inheritdoc/>
    public bool Supports(double y) => y >= 0 && double.IsFinite(y);

    /// <inheritdoc/>
    public bool IsValidMean(double mean) => mean > 0 && double.IsFinite(mean);

    /// <inheritdoc/>
    public double InitialMean(double y) => y > 0 ? y : 0.1;

    /// <inheritdoc/>
    public double UnitVariance(in MeanPoint mean) => Math.Pow(mean.Mean, Power);

    /// <inheritdoc/>
    public double UnitVarianceSlope(in MeanPoint mean) => Power * Math.Pow(mean.Mean, Power - 1);

    /// <inheritdoc/>
    public double UnitDeviance(double y, in MeanPoint mean)
    {
        double b = 2 - Power, scale = Math.Pow(mean.Mean, b);
        return 2 * scale * (y == 0 ? 1 / b : ScaledDivergence(Elementary.LogRatio(y, mean.Mean)));
    }

    /// <inheritdoc/>
    public double LogLikelihood(double y, in MeanPoint mean, double dispersion, double weight)
    {
        double phi = dispersion / weight;
        return TweedieDistribution.LogSaddle(y, phi, Power) - UnitDeviance(y, mean) / (2 * phi);
    }

    /// <inheritdoc/>
    public double LikelihoodDispersion(
        double deviance, double pearsonDispersion, long rows, double sumOfWeights) => pearsonDispersion;

    /// <inheritdoc/>
    public double CumulativeProbability(double y, double mean, double dispersion) =>
        TweedieDistribution.Cdf(y, mean, dispersion, Power);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion) =>
        TweedieDistribution.Quantile(probability, mean, dispersion, Power);

    /// <summary>d / (2 μ^(2−p)) as a function of s = ln(y / μ): eˢ (e^(as) − 1) / a − (e^(bs) − 1) / b.</summary>
    /// <remarks>
    /// a = 1 − p, b = 2 − p. Near s = 0 its series Σₖ (1 + b + … + b^(k−2)) sᵏ / k!, k ≥ 2, does not cancel.
    /// </remarks>
    private double ScaledDivergence(double s)
    {
        double a = 1 - Power, b = 2 - Power;
        if (Math.Abs(s) > 0.5) return Math.Exp(s) * Elementary.Expm1(a * s) / a - Elementary.Expm1(b * s) / b;
        double term = s * s / 2, coefficient = 1, sum = term;
        for (int k = 3; Math.Abs(term) > 1e-18 * sum; k++)
        {
            term *= s / k;
            coefficient = 1 + b * coefficient;
            sum += coefficient * term;
        }
        return sum;
    }
}
