using System.Globalization;

namespace ProbML;

/// <summary>β ~ N(mean, sd²).</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">The standard deviation, > 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed record NormalPrior(double Mean = 0, double StandardDeviation = 1) : Prior
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    private readonly double logNormaliser = -HalfLogTwoPi - Math.Log(CheckScale(StandardDeviation, nameof(StandardDeviation)));

    /// <summary>The mean.</summary>
    public double Mean { get; } = CheckLocation(Mean, nameof(Mean));

    /// <summary>The standard deviation.</summary>
    public double StandardDeviation { get; } = StandardDeviation;

    /// <summary>1 / sd².</summary>
    public double Precision => 1 / (StandardDeviation * StandardDeviation);

    /// <inheritdoc/>
    public override double Location => Mean;

    /// <inheritdoc/>
    public override double LogDensity(double value)
    {
        double z = (value - Mean) / StandardDeviation;
        return logNormaliser - 0.5 * z * z;
    }

    /// <inheritdoc/>
    public override double Gradient(double value) => (Mean - value) * Precision;

    /// <inheritdoc/>
    public override double Curvature(double value) => -Precision;

    /// <inheritdoc/>
    public override double Draw(Random random) => Mean + StandardDeviation * RandomNormal.Draw(random);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"normal({Mean:R},{StandardDeviation:R})");
}
