namespace ProbML;

/// <summary>The cauchit link, η = tan(π(μ − ½)), μ in (0, 1).</summary>
/// <remarks>The quantile function of the Cauchy distribution. Koenker &amp; Yoon (2009), J. Econometrics 152.</remarks>
public sealed record CauchitLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "cauchit";

    /// <inheritdoc/>
    public string Formula => "mu = 1/2 + arctan(eta) / pi";

    /// <inheritdoc/>
    public double Link(double mean) => mean switch
    {
        < 0.25 => -1 / Math.Tan(Math.PI * mean),
        > 0.75 => 1 / Math.Tan(Math.PI * (1 - mean)),
        _ => Math.Tan(Math.PI * (mean - 0.5)),
    };

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double size = Math.Abs(eta), tail = Math.Max(Math.Atan2(1, size) / Math.PI, MeanPoint.Smallest);
        double spread = 1 + eta * eta, slope = 1 / (Math.PI * spread), curvature = -2 * eta * slope / spread;
        return eta < 0 ? new(tail, 1 - tail, slope, curvature) : new(1 - tail, tail, slope, curvature);
    }
}
