using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>A new observation's distribution: ∫ p(y | f) N(f; m, v) df.</summary>
internal readonly struct ResponseMixture : IMixtureLaw
{
    private readonly ResponseLikelihood likelihood;
    private readonly double mean, variance, sigma;
    private readonly GaussianRule rule;

    public ResponseMixture(ResponseLikelihood likelihood, double mean, double variance)
    {
        (this.likelihood, this.mean, this.variance, sigma) = (likelihood, mean, variance, Math.Sqrt(variance));
        rule = GaussianRule.For(sigma / Math.Max(likelihood.Smoothness, 0.05));
        double first = 0, second = 0, noise = 0;
        for (int k = 0; k < rule.Count; k++)
        {
            double weight = rule.Weight(k), f = Node(k), part = likelihood.Mean(f);
            first += weight * part;
            noise += weight * likelihood.Variance(f);
        }
        for (int k = 0; k < rule.Count; k++)
        {
            double part = likelihood.Mean(Node(k)) - first;
            second += rule.Weight(k) * part * part;
        }
        (Mean, Epistemic, Aleatoric) = (first, second, noise);
    }

    /// <summary>E Y.</summary>
    public double Mean { get; }

    /// <summary>Var E(Y | f).</summary>
    public double Epistemic { get; }

    /// <summary>E Var(Y | f).</summary>
    public double Aleatoric { get; }

    /// <summary>ln p(y); NaN where y is not known, −∞ where it is impossible.</summary>
    public double LogDensity(double y) => double.IsNaN(y) ? double.NaN
        : likelihood.Fault(y) is not null ? double.NegativeInfinity
        : variance > 0 ? TiltedIntegral.Moments(likelihood, y, mean, variance, 1).LogZ
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
    public double Quantile(double p)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int k = 0; k < rule.Count; k++)
        {
            if (rule.Weight(k) < 1e-12)
                continue;
            double part = likelihood.Quantile(p, Node(k));
            (low, high) = (Math.Min(low, part), Math.Max(high, part));
        }
        return MixtureQuantile.Solve(this, p, low, high, likelihood.IsDiscrete);
    }

    private double Node(int k) => mean + sigma * rule.Node(k);
}
