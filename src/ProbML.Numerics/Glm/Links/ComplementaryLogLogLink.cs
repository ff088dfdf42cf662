namespace ProbML;

/// <summary>The complementary log-log link, η = ln(−ln(1 − μ)), μ in (0, 1).</summary>
/// <remarks>McCullagh &amp; Nelder (1989), §4.3.1.</remarks>
public sealed record ComplementaryLogLogLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "cloglog";

    /// <inheritdoc/>
    public string Formula => "mu = 1 - exp(-exp(eta))";

    /// <inheritdoc/>
    public double Link(double mean) => Math.Log(-Elementary.Log1p(-mean));

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta) => Gompertz(eta);

    /// <summary>1 − exp(−e^η) and its derivatives: e^(η − x) and (1 − x) e^(η − x) with x = e^η.</summary>
    internal static MeanPoint Gompertz(double eta)
    {
        double x = Math.Exp(eta), complement = Math.Exp(-x);
        if (x < MeanPoint.Smallest) return MeanPoint.Underflowed(true, eta, 1, 1);
        if (complement < MeanPoint.Smallest) return MeanPoint.Underflowed(false, -x, x, 1 - x);
        double slope = x * complement;
        return new(-Elementary.Expm1(-x), complement, slope, slope * (1 - x));
    }
}
