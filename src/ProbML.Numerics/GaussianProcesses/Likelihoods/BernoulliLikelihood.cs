namespace ProbML.GaussianProcesses;

/// <summary>Two classes: P(Y = 1 | f) = 1/(1 + e^(−f)) (logit) or Φ(f) (probit), y 0 or 1.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §3.3, eqs. 3.15 and 3.16.</remarks>
public sealed record BernoulliLikelihood : LatentLikelihood
{
    /// <summary>A likelihood with a link.</summary>
    /// <param name="link">Logit or probit; null: logit.</param>
    /// <exception cref="ArgumentException">The link is another one.</exception>
    public BernoulliLikelihood(ILinkFunction? link = null) => Link = link switch
    {
        null => Links.Logit,
        LogitLink or ProbitLink => link,
        _ => throw new ArgumentException(
            $"Gaussian-process classification has the links logit and probit, not '{link.Name}'.", nameof(link)),
    };

    /// <summary>Logit or probit.</summary>
    public ILinkFunction Link { get; }

    /// <inheritdoc/>
    public override string ToString() => $"bernoulli({Link.Name})";

    internal override string? Fault(double y) => y is 0 or 1 ? null : "must be 0 or 1";

    internal override LatentPoint At(double y, double f)
    {
        if (Link is LogitLink)
        {
            var mean = LogitLink.Logistic(f);
            return y > 0.5
                ? new(mean.LogMean, mean.Complement, -mean.Slope, -mean.Curvature)
                : new(mean.LogComplement, -mean.Mean, -mean.Slope, -mean.Curvature);
        }
        double sign = y > 0.5 ? 1 : -1, z = sign * f, ratio = Ratio(z), sum = z + ratio, bend = -ratio * sum;
        return new(NormalDistribution.LogCdf(z), sign * ratio, bend, -sign * (bend * sum + ratio * (1 + bend)));
    }

    /// <summary>Closed for the probit: Rasmussen &amp; Williams (2006), eqs. 3.82 and 3.87.</summary>
    internal override TiltedMoments Tilt(double y, double mean, double variance, double weight)
    {
        if (Link is LogitLink || weight != 1)
            return base.Tilt(y, mean, variance, weight);
        double sign = y > 0.5 ? 1 : -1, root = Math.Sqrt(1 + variance), z = sign * mean / root, ratio = Ratio(z);
        return new(
            NormalDistribution.LogCdf(z),
            mean + sign * variance * ratio / root,
            variance - variance * variance * ratio / (1 + variance) * (z + ratio));
    }

    /// <summary>E P(Y = 1 | f), f ~ N(mean, variance): closed for the probit, else by quadrature.</summary>
    internal double Probability(double mean, double variance)
    {
        if (Link is ProbitLink)
            return NormalDistribution.Cdf(mean / Math.Sqrt(1 + variance));
        double sigma = Math.Sqrt(variance), sum = 0;
        var rule = Fitting.GaussianRule.For(sigma);
        for (int k = 0; k < rule.Count; k++)
            sum += rule.Weight(k) * LogitLink.Logistic(mean + sigma * rule.Node(k)).Mean;
        return sum;
    }

    /// <summary>φ(z)/Φ(z).</summary>
    private static double Ratio(double z) => z < 0
        ? NormalDistribution.InverseRootTwoPi / NormalDistribution.ScaledTail(-z)
        : NormalDistribution.Density(z) / NormalDistribution.Cdf(z);
}
