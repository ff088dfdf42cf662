namespace ProbML;

/// <summary>The reciprocal link, η = 1 / μ, μ &gt; 0.</summary>
/// <remarks>Canonical for the Gamma. McCullagh &amp; Nelder (1989), §8.3.1.</remarks>
public sealed record ReciprocalLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "inverse";

    /// <inheritdoc/>
    public string Formula => "mu = 1 / eta (eta > 0)";

    /// <inheritdoc/>
    public double Link(double mean) => 1 / mean;

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double mean = 1 / eta, slope = -mean * mean;
        return new(mean, (eta - 1) / eta, slope, -2 * slope * mean);
    }

    /// <inheritdoc/>
    public bool IsInDomain(double eta) => eta > 0 && double.IsFinite(eta);
}
