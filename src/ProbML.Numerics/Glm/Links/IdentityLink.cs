namespace ProbML;

/// <summary>The identity link, η = μ.</summary>
/// <remarks>Canonical for the Gaussian. McCullagh &amp; Nelder (1989), §2.2.</remarks>
public sealed record IdentityLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "identity";

    /// <inheritdoc/>
    public string Formula => "mu = eta";

    /// <inheritdoc/>
    public double Link(double mean) => mean;

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta) => new(eta, 1 - eta, 1, 0);
}
