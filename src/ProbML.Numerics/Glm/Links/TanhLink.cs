namespace ProbML;

/// <summary>The logit link in the −1/+1 coding: η = ½ ln(μ / (1 − μ)) = artanh(2μ − 1), μ in (0, 1).</summary>
/// <remarks>
/// E(2Y − 1) = tanh η, so coefficients are half those of <see cref="LogitLink"/> and the likelihood is the same.
/// </remarks>
public sealed record TanhLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "tanh";

    /// <inheritdoc/>
    public string Formula => "mu = (1 + tanh(eta)) / 2";

    /// <inheritdoc/>
    public double Link(double mean) => 0.5 * Math.Log(mean / (1 - mean));

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        MeanPoint logistic = LogitLink.Logistic(2 * eta);
        return logistic with { Slope = 2 * logistic.Slope, Curvature = 4 * logistic.Curvature };
    }
}
