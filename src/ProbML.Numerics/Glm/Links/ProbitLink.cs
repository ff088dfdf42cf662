namespace ProbML;

/// <summary>The probit link, η = Φ⁻¹(μ), μ in (0, 1).</summary>
/// <remarks>McCullagh &amp; Nelder (1989), §4.3.1.</remarks>
public sealed record ProbitLink : ILinkFunction
{
    private const double InverseRootTwoPi = 0.398942280401432677939946059934;

    /// <summary>From where Φ(−|η|) is below the smallest normal double.</summary>
    private const double Far = 37.5;

    /// <inheritdoc/>
    public string Name => "probit";

    /// <inheritdoc/>
    public string Formula => "mu = Phi(eta)";

    /// <inheritdoc/>
    public double Link(double mean) => NormalDistribution.Quantile(mean);

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double size = Math.Abs(eta), scaledTail = NormalDistribution.ScaledTail(size);
        if (size > Far)
        {
            double logTail = -0.5 * size * size + Math.Log(scaledTail);
            return MeanPoint.Underflowed(eta < 0, logTail, InverseRootTwoPi / scaledTail, -eta);
        }
        double bell = NormalDistribution.Bell(size), slope = InverseRootTwoPi * bell, tail = bell * scaledTail;
        return eta < 0 ? new(tail, 1 - tail, slope, size * slope) : new(1 - tail, tail, slope, -size * slope);
    }
}
