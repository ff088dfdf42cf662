namespace ProbML;

/// <summary>The log link, η = ln μ, μ &gt; 0.</summary>
/// <remarks>
/// Canonical for the Poisson. McCullagh &amp; Nelder (1989), §2.2. The mean stops at the ends of the doubles.
/// </remarks>
public sealed record LogLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "log";

    /// <inheritdoc/>
    public string Formula => "mu = exp(eta)";

    /// <inheritdoc/>
    public double Link(double mean) => Math.Log(mean);

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double mean = Math.Min(Math.Exp(eta), double.MaxValue);
        return mean < MeanPoint.Smallest
            ? MeanPoint.Underflowed(true, eta, 1, 1)
            : new(mean, mean == double.MaxValue ? -mean : -Elementary.Expm1(eta), mean, mean);
    }
}
