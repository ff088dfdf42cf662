namespace ProbML;

/// <summary>The square-root link, η = √μ, μ &gt; 0.</summary>
/// <remarks>Stabilizes the variance of a Poisson response. McCullagh &amp; Nelder (1989), §6.2.1.</remarks>
public sealed record SquareRootLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "sqrt";

    /// <inheritdoc/>
    public string Formula => "mu = eta^2 (eta > 0)";

    /// <inheritdoc/>
    public double Link(double mean) => Math.Sqrt(mean);

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double mean = Math.Min(eta * eta, double.MaxValue);
        return new(mean, mean < 0.5 || mean > 2 ? 1 - mean : (1 - eta) * (1 + eta), 2 * eta, 2);
    }

    /// <inheritdoc/>
    public bool IsInDomain(double eta) => eta > 0 && double.IsFinite(eta);
}
