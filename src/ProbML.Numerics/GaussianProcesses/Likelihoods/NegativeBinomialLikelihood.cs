using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>Overdispersed counts of mean μ = e^f and variance μ + μ²/θ.</summary>
public sealed record NegativeBinomialLikelihood : ResponseLikelihood
{
    private readonly double theta = 1;

    /// <summary>θ &gt; 0: the larger, the nearer to Poisson.</summary>
    public double Theta
    {
        get => theta;
        init => theta = Positive(value, nameof(Theta));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => ["theta"];

    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override double[] FreeParameters() => [Math.Log(Theta)];

    /// <inheritdoc/>
    public override LatentLikelihood With(ReadOnlySpan<double> free) => this with { Theta = Math.Exp(free[0]) };

    /// <inheritdoc/>
    public override double Mean(double f) => Math.Exp(f);

    /// <inheritdoc/>
    public override double Variance(double f)
    {
        double mean = Math.Exp(f);
        return mean + mean * mean / Theta;
    }

    /// <inheritdoc/>
    public override double CumulativeProbability(double y, double f) => NegativeBinomialDistribution.Cdf(y, Math.Exp(f), Theta);

    /// <inheritdoc/>
    public override double Quantile(double probability, double f) =>
        NegativeBinomialDistribution.Quantile(probability, Math.Exp(f), Theta);

    /// <inheritdoc/>
    public override string ToString() => LikelihoodText.Write("negativebinomial", ("theta", Theta));

    internal override string? Fault(double y) => CountFault(y);

    internal override double Start(double y) => Math.Log(y + 0.5);

    internal override double StartMean(double mean, double deviation) => Math.Log(Math.Max(mean, 1e-3));

    internal override LatentPoint At(double y, double f)
    {
        var share = LogitLink.Logistic(f - Math.Log(Theta));       // μ/(μ + θ)
        double sum = y + Theta;
        return new(
            NegativeBinomialDistribution.LogProbability(y, Math.Exp(f), Theta),
            y - sum * share.Mean,
            -sum * share.Slope,
            -sum * share.Curvature);
    }

    /// <summary>By ln θ, on which μ/(μ + θ) depends as on −f. Lawless (1987), §3.</summary>
    internal override void Parameters(double y, double f, Span<ParameterPoint> points)
    {
        var share = LogitLink.Logistic(f - Math.Log(Theta));
        double mean = Math.Exp(f), sum = y + Theta;
        double value = NegativeBinomialTheta.GammaDifferences(y, Theta).Digamma - Elementary.Log1p(mean / Theta)
            + (mean - y) / (mean + Theta);
        points[0] = new(
            Theta * value,
            -Theta * share.Mean + sum * share.Slope,
            -Theta * share.Slope + sum * share.Curvature);
    }
}
