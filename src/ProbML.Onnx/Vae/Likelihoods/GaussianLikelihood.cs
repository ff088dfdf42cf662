using System.Globalization;
using MathNet.Numerics.Distributions;

namespace ProbML.Vae;

/// <summary>Where the variance of a Gaussian column comes from.</summary>
public enum GaussianVariance
{
    /// <summary>It is given.</summary>
    Fixed,

    /// <summary>One variance for all columns of the likelihood, learned, in units of each column's own variance.</summary>
    Shared,

    /// <summary>One learned for each column, the same in all rows.</summary>
    PerFeature,

    /// <summary>The decoder computes it with the mean: it differs from row to row (heteroscedastic).</summary>
    PerRow,
}

/// <summary>x ~ N(m, s²): a column of real numbers; the parameters are m and ln s.</summary>
public sealed record GaussianLikelihood : Likelihood
{
    private const double HalfLogTwoPi = 0.918938533204672741780329736406;

    /// <summary>Where the variance comes from.</summary>
    public GaussianVariance Variances { get; init; } = GaussianVariance.PerFeature;

    /// <summary>s, in the column's units, where the variance is fixed.</summary>
    public double StandardDeviation { get; init; } = 1;

    /// <inheritdoc/>
    public override int ParametersPerColumn => 2;

    /// <inheritdoc/>
    public override string Support => "finite";

    /// <inheritdoc/>
    public override bool Supports(double value) => double.IsFinite(value);

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<float> parameters)
    {
        double sum = 0;
        for (int j = 0; j < x.Length; j++)
        {
            if (double.IsNaN(x[j]))
                continue;
            double logDeviation = parameters[x.Length + j], residual = (x[j] - parameters[j]) * Math.Exp(-logDeviation);
            sum -= 0.5 * residual * residual + logDeviation + HalfLogTwoPi;
        }
        return sum;
    }

    /// <inheritdoc/>
    public override void Mean(ReadOnlySpan<float> parameters, Span<double> mean)
    {
        for (int j = 0; j < mean.Length; j++)
            mean[j] = parameters[j];
    }

    /// <inheritdoc/>
    public override void Variance(ReadOnlySpan<float> parameters, Span<double> variance)
    {
        for (int j = 0; j < variance.Length; j++)
            variance[j] = Math.Exp(2.0 * parameters[variance.Length + j]);
    }

    /// <inheritdoc/>
    public override void Draw(ReadOnlySpan<float> parameters, Random random, Span<double> x)
    {
        for (int j = 0; j < x.Length; j++)
            x[j] = parameters[j] + Math.Exp(parameters[x.Length + j]) * Normal.Sample(random, 0, 1);
    }

    /// <inheritdoc/>
    public override string ToString() => Variances switch
    {
        GaussianVariance.Fixed => FormattableString.Invariant($"gaussian(fixed,{StandardDeviation:R})"),
        GaussianVariance.Shared => "gaussian(shared)",
        GaussianVariance.PerRow => "gaussian(per-row)",
        _ => "gaussian",
    };

    internal static GaussianLikelihood Parse(string[] arguments) => arguments switch
    {
        [] or ["per-feature"] => new(),
        ["shared"] => new() { Variances = GaussianVariance.Shared },
        ["per-row"] => new() { Variances = GaussianVariance.PerRow },
        ["fixed", var text] when double.TryParse(text, CultureInfo.InvariantCulture, out double deviation)
            && deviation > 0 && double.IsFinite(deviation) =>
            new() { Variances = GaussianVariance.Fixed, StandardDeviation = deviation },
        _ => throw new FormatException(
            "A Gaussian likelihood is gaussian, gaussian(shared), gaussian(per-row) or gaussian(fixed,s) with s > 0, "
            + $"but found gaussian({string.Join(',', arguments)})."),
    };
}
