using ProbML.Fitting;

namespace ProbML;

/// <summary>A new observation's distribution, averaged over a posterior.</summary>
public sealed class PredictiveDistribution
{
    private readonly PosteriorMixture mixture;

    internal PredictiveDistribution(PosteriorMixture mixture) => this.mixture = mixture;

    /// <summary>E Y.</summary>
    public double Mean => mixture.Mean;

    /// <summary>E η.</summary>
    public double LinearPredictor => mixture.LinearPredictor;

    /// <summary>Var η.</summary>
    public double LinearPredictorVariance => mixture.LinearPredictorVariance;

    /// <summary>√(Var μ): what more data would take away.</summary>
    public double Epistemic => Math.Sqrt(mixture.Epistemic);

    /// <summary>√(E φV(μ)): what stays.</summary>
    public double Aleatoric => Math.Sqrt(mixture.Aleatoric);

    /// <summary>√(Var Y).</summary>
    public double StandardDeviation => Math.Sqrt(mixture.Epistemic + mixture.Aleatoric);

    /// <summary>ln p(y).</summary>
    public double LogDensity(double y) => mixture.LogDensity(y);

    /// <summary>P(Y ≤ y); of many draws over at most 250 of them.</summary>
    public double CumulativeProbability(double y) => mixture.Cdf(y);

    /// <summary>The smallest y with P(Y ≤ y) ≥ p.</summary>
    public double Quantile(double probability) => mixture.Quantile(probability);
}
