namespace ProbML.Fitting;

/// <summary>A normal response seen between limits: predictor 0 is η, the constant ln σ.</summary>
/// <remarks>
/// Tobin (1958); Amemiya (1984), Tobit Models: A Survey. With r = (y − η)/σ: ∂r/∂η = −1/σ and ∂r/∂ln σ = −r.
/// </remarks>
internal sealed class TobitResponse(double lower, double upper) : IVectorResponse
{
    private const double InverseRootTwoPi = 0.398942280401432677939946059934;

    public double Lower => lower;

    public double Upper => upper;

    public int Predictors => 1;

    public int Constants => 1;

    public bool IsConcave => false;

    public bool Supports(double y) => y >= lower && y <= upper;

    public double Terms(double y, double offset, ReadOnlySpan<double> eta, Span<double> score, Span<double> information)
    {
        double logSigma = eta[1], sigma = Math.Exp(logSigma), r = (y - eta[0] - offset) / sigma;
        double value, slope, curvature;                   // ln p and its derivatives in r
        bool isSeen = y > lower && y < upper;
        if (isSeen)
        {
            (value, slope, curvature) = (NormalDistribution.LogDensity(r) - logSigma, -r, -1);
        }
        else
        {
            double sign = y <= lower ? 1 : -1, t = sign * r, ratio = Ratio(t);
            (value, slope, curvature) = (NormalDistribution.LogCdf(t), sign * ratio, -ratio * (t + ratio));
        }
        score[0] = -slope / sigma;
        score[1] = -r * slope - (isSeen ? 1 : 0);
        information[0] = -curvature / sigma / sigma;
        information[1] = -(slope + r * curvature) / sigma;
        information[2] = -r * (slope + r * curvature);
        return value;
    }

    /// <summary>φ(t) / Φ(t), also where both underflow.</summary>
    private static double Ratio(double t) => t < 0
        ? InverseRootTwoPi / NormalDistribution.ScaledTail(-t)
        : NormalDistribution.Density(t) / NormalDistribution.Cdf(t);
}
