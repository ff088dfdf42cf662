using MathNet.Numerics.Distributions;

namespace ProbML.Vae;

/// <summary>x ~ Poisson(μ): a column of counts; the parameter is ln μ.</summary>
public sealed record PoissonLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override int ParametersPerColumn => 1;

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
            if (!double.IsNaN(x[j]))
                sum += x[j] * parameters[j] - Math.Exp(parameters[j]) - GammaFunctions.LogGamma(x[j] + 1);
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
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance) => Mean(parameters, variance);

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x)
    {
        for (int j = 0; j < x.Length; j++)
            x[j] = Poisson.Sample(random, Math.Exp(parameters[j]));
    }

    /// <inheritdoc/>
    public override string ToString() => "poisson";
}
