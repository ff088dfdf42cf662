using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>A new observation where the noise is known up to a normal logarithm: ∫ N(y; m, v + w + e^g) N(g; a, b) dg.</summary>
internal sealed record HeteroscedasticPrediction : ResponsePrediction, IMixtureLaw
{
    private const double LeastWeight = 1e-14;

    private readonly double[] deviations, weights;

    private HeteroscedasticPrediction(double mean, double epistemic, double aleatoric, double[] deviations, double[] weights)
        : base(mean, epistemic, aleatoric) => (this.deviations, this.weights) = (deviations, weights);

    /// <summary>The mixture.</summary>
    /// <param name="mean">m = E f.</param>
    /// <param name="variance">v = Var f.</param>
    /// <param name="white">w, what a white kernel of f adds.</param>
    /// <param name="logNoise">a = E g.</param>
    /// <param name="logNoiseVariance">b = Var g.</param>
    public static HeteroscedasticPrediction Of(double mean, double variance, double white, double logNoise, double logNoiseVariance)
    {
        double sigma = Math.Sqrt(logNoiseVariance);
        var rule = GaussianRule.For(sigma);               // v + e^g has its zeros at Im g = π, as the logistic function
        double[] deviations = new double[rule.Count], weights = new double[rule.Count];
        for (int k = 0; k < rule.Count; k++)
        {
            deviations[k] = Math.Sqrt(variance + white + Math.Exp(logNoise + sigma * rule.Node(k)));
            weights[k] = rule.Weight(k);
        }
        return new(mean, variance, white + Math.Exp(logNoise + 0.5 * logNoiseVariance), deviations, weights);
    }

    /// <summary>P(Y ≤ y).</summary>
    public double Cdf(double y)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
            sum += weights[k] * NormalDistribution.Cdf((y - Mean) / deviations[k]);
        return sum;
    }

    /// <inheritdoc/>
    public override double Quantile(double probability)
    {
        double z = NormalDistribution.Quantile(probability), low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int k = 0; k < weights.Length; k++)
        {
            if (weights[k] > LeastWeight)
                (low, high) = (Math.Min(low, z * deviations[k]), Math.Max(high, z * deviations[k]));
        }
        return MixtureQuantile.Solve(this, probability, Mean + low, Mean + high, isDiscrete: false);
    }

    /// <inheritdoc/>
    public override double LogDensity(double y)
    {
        double largest = double.NegativeInfinity, sum = 0;
        var logs = new double[weights.Length];
        for (int k = 0; k < logs.Length; k++)
        {
            logs[k] = NormalDistribution.LogDensity((y - Mean) / deviations[k]) - Math.Log(deviations[k]);
            if (weights[k] > 0)
                largest = Math.Max(largest, logs[k] + Math.Log(weights[k]));
        }
        if (double.IsNegativeInfinity(largest))
            return largest;
        for (int k = 0; k < logs.Length; k++)
            sum += weights[k] * Math.Exp(logs[k] - largest);
        return largest + Math.Log(sum);
    }
}
