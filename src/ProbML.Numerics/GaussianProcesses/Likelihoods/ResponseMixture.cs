using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>A new observation's distribution: ∫ p(y | f) N(f; m, v) df.</summary>
internal sealed record ResponseMixture : ResponsePrediction, IMixtureLaw
{
    private readonly ResponseLikelihood likelihood;
    private readonly double mean, variance, sigma;
    private readonly GaussianRule rule;

    private ResponseMixture(
        ResponseLikelihood likelihood, double mean, double variance, GaussianRule rule, (double Mean, double Epistemic, double Aleatoric) of)
        : base(of.Mean, of.Epistemic, of.Aleatoric) =>
        (this.likelihood, this.mean, this.variance, sigma, this.rule) = (likelihood, mean, variance, Math.Sqrt(variance), rule);

    /// <summary>The mixture over f ~ N(mean, variance).</summary>
    public static ResponseMixture Of(ResponseLikelihood likelihood, double mean, double variance)
    {
        double sigma = Math.Sqrt(variance), first = 0, second = 0, noise = 0;
        var rule = GaussianRule.For(sigma / Math.Max(likelihood.Smoothness, 0.05));
        for (int k = 0; k < rule.Count; k++)
        {
            double f = mean + sigma * rule.Node(k);
            first += rule.Weight(k) * likelihood.Mean(f);
            noise += rule.Weight(k) * likelihood.Variance(f);
        }
        for (int k = 0; k < rule.Count; k++)
        {
            double part = likelihood.Mean(mean + sigma * rule.Node(k)) - first;
            second += rule.Weight(k) * part * part;
        }
        return new(likelihood, mean, variance, rule, (first, second, noise));
    }

    /// <summary>ln p(y); NaN where y is not known, −∞ where it is impossible.</summary>
    public override double LogDensity(double y) => double.IsNaN(y) ? double.NaN
        : likelihood.Fault(y) is not null ? double.NegativeInfinity
        : variance > 0 ? TiltedIntegral.Moments(likelihood, y, mean, variance).LogZ
        : likelihood.LogDensity(y, mean);

    /// <inheritdoc/>
    public double Cdf(double y)
    {
        double sum = 0;
        for (int k = 0; k < rule.Count; k++)
            sum += rule.Weight(k) * likelihood.CumulativeProbability(y, Node(k));
        return sum;
    }

    /// <summary>The smallest y with P(Y ≤ y) ≥ p.</summary>
    public override double Quantile(double probability)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int k = 0; k < rule.Count; k++)
        {
            if (rule.Weight(k) < 1e-12)
                continue;
            double part = likelihood.Quantile(probability, Node(k));
            (low, high) = (Math.Min(low, part), Math.Max(high, part));
        }
        return MixtureQuantile.Solve(this, probability, low, high, likelihood.IsDiscrete);
    }

    private double Node(int k) => mean + sigma * rule.Node(k);
}
