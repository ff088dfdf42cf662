namespace ProbML;

/// <summary>The inverse-squared link, η = 1 / μ², μ &gt; 0.</summary>
/// <remarks>Canonical for the inverse Gaussian. McCullagh &amp; Nelder (1989), §2.2.</remarks>
public sealed record InverseSquaredLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "inverse-squared";

    /// <inheritdoc/>
    public string Formula => "mu = 1 / sqrt(eta) (eta > 0)";

    /// <inheritdoc/>
    public double Link(double mean) => 1 / mean / mean;

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double mean = 1 / Math.Sqrt(eta), slope = -0.5 * mean / eta;
        return new(mean, 1 - mean, slope, -1.5 * slope / eta);
    }

    /// <inheritdoc/>
    public bool IsInDomain(double eta) => eta > 0 && double.IsFinite(eta);
}
