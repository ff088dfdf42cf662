namespace ProbML;

/// <summary>
/// The log-log link, η = −ln(−ln μ), μ in (0, 1): the complementary log-log link of the opposite outcome.
/// </summary>
/// <remarks>McCullagh &amp; Nelder (1989), §4.3.1.</remarks>
public sealed record LogLogLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "loglog";

    /// <inheritdoc/>
    public string Formula => "mu = exp(-exp(-eta))";

    /// <inheritdoc/>
    public double Link(double mean) => -Math.Log(-(mean < 0.5 ? Math.Log(mean) : Elementary.Log1p(mean - 1)));

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta) => ComplementaryLogLogLink.Gompertz(-eta).Mirrored();
}
