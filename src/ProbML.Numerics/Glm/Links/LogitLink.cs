namespace ProbML;

/// <summary>The logit link, η = ln(μ / (1 − μ)), μ in (0, 1).</summary>
/// <remarks>Canonical for the Bernoulli. McCullagh &amp; Nelder (1989), §4.3.1.</remarks>
public sealed record LogitLink : ILinkFunction
{
    /// <inheritdoc/>
    public string Name => "logit";

    /// <inheritdoc/>
    public string Formula => "mu = 1 / (1 + exp(-eta))";

    /// <inheritdoc/>
    public double Link(double mean) => Math.Log(mean / (1 - mean));

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta) => Logistic(eta);

    /// <summary>1 / (1 + e^−η) and its derivatives.</summary>
    internal static MeanPoint Logistic(double eta)
    {
        double decay = Math.Exp(-Math.Abs(eta));
        if (decay < MeanPoint.Smallest) return MeanPoint.Underflowed(eta < 0, -Math.Abs(eta), 1, -Math.Sign(eta));
        double bulk = 1 / (1 + decay), tail = decay * bulk, slope = tail * bulk;
        return eta < 0
            ? new(tail, bulk, slope, slope * (bulk - tail))
            : new(bulk, tail, slope, slope * (tail - bulk));
    }
}
