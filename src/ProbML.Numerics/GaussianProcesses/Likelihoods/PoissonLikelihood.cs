namespace ProbML.GaussianProcesses;

/// <summary>Counts: P(Y = y | f) = μʸ e^(−μ) / y!, μ = e^f. With offsets ln(exposure), rates (a log-Gaussian Cox process).</summary>
public sealed record PoissonLikelihood : ResponseLikelihood
{
    /// <inheritdoc/>
    public override bool IsDiscrete => true;

    /// <inheritdoc/>
    public override double Mean(double f) => Math.Exp(f);

    /// <inheritdoc/>
    public override double Variance(double f) => Math.Exp(f);

    /// <inheritdoc/>
    public override double CumulativeProbability(double y, double f) => PoissonDistribution.Cdf(y, Math.Exp(f));

    /// <inheritdoc/>
    public override double Quantile(double probability, double f) => PoissonDistribution.Quantile(probability, Math.Exp(f));

    /// <inheritdoc/>
    public override string ToString() => "poisson";

    /// <summary>exp(−e^f) grows past imaginary parts of ±π/2.</summary>
    internal override double Smoothness => 0.5;

    internal override string? Fault(double y) => CountFault(y);

    internal override double Start(double y) => Math.Log(y + 0.5);

    internal override double StartMean(double mean, double deviation) => Math.Log(Math.Max(mean, 1e-3));

    internal override LatentPoint At(double y, double f)
    {
        double mean = Math.Exp(f);
        return new(y * f - mean - GammaFunctions.LogGamma(y + 1), y - mean, -mean, -mean);
    }

    /// <summary>E e^f = e^(m + v/2).</summary>
    internal override LatentPoint Expect(double y, double mean, double variance)
    {
        double expected = Math.Exp(mean + 0.5 * variance);
        return new(y * mean - expected - GammaFunctions.LogGamma(y + 1), y - expected, -expected, -expected);
    }
}
