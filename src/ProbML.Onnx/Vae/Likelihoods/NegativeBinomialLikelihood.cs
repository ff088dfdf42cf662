using MathNet.Numerics.Distributions;

namespace ProbML.Vae;

/// <summary>Counts with Var(x) = μ + μ²/θ; the parameters are ln μ, of each row, and ln θ, learned for each column.</summary>
/// <remarks>ln p(x) = ln Γ(x + θ) − ln Γ(θ) − ln x! + θ ln(θ/(θ + μ)) + x ln(μ/(θ + μ)).</remarks>
public sealed record NegativeBinomialLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override int ParametersPerColumn => 2;

    /// <inheritdoc/>
    public override string Support => "0, 1, 2, …";

    /// <inheritdoc/>
    public override bool Supports(double value) => value >= 0 && double.IsFinite(value) && value == Math.Floor(value);

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters)
    {
        double sum = 0;
        for (int j = 0; j < x.Length; j++)
        {
            if (double.IsNaN(x[j]))
                continue;
            double logMean = parameters[j], logTheta = parameters[x.Length + j], theta = Math.Exp(logTheta);
            sum += GammaFunctions.LogGamma(x[j] + theta) - GammaFunctions.LogGamma(theta)
                - GammaFunctions.LogGamma(x[j] + 1)
                - theta * Elementary.Softplus(logMean - logTheta) - x[j] * Elementary.Softplus(logTheta - logMean);
        }
        return sum;
    }

    /// <inheritdoc/>
    public override void Mean(ReadOnlySpan<float> parameters, Span<double> mean)
    {
        for (int j = 0; j < mean.Length; j++)
            mean[j] = Math.Exp(parameters[j]);
    }

    /// <inheritdoc/>
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance)
    {
        for (int j = 0; j < variance.Length; j++)
        {
            double mean = Math.Exp(parameters[j]);
            variance[j] = mean * (1 + mean * Math.Exp(-parameters[variance.Length + j]));
        }
    }

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x)
    {
        for (int j = 0; j < x.Length; j++)
        {
            double theta = Math.Exp(parameters[x.Length + j]);
            double rate = Gamma.Sample(random, theta, theta) * Math.Exp(parameters[j]);
            x[j] = rate > 0 ? Poisson.Sample(random, rate) : 0;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "negative-binomial";
}
