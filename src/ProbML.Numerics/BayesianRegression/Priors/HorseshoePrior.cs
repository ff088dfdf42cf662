using System.Globalization;

namespace ProbML;

/// <summary>β | λ ~ N(0, (scale λ)²), λ half-Cauchy(0, 1): most coefficients near zero, a few left alone.</summary>
/// <remarks>
/// Carvalho, Polson &amp; Scott (2010), Biometrika 97, with the global scale given (<see cref="RegularisedHorseshoePrior"/> learns it). NUTS draws ln λ and β / (scale λ) (the
/// non-centred form); the density itself, √(1/(2π³)) e^u E₁(u) / scale with u = β² / (2 scale²), has a pole at zero, so
/// that no mode or curvature speaks for it.
/// </remarks>
/// <param name="Scale">The global scale, > 0.</param>
/// <exception cref="ArgumentOutOfRangeException">The scale is not a positive finite number.</exception>
public sealed record HorseshoePrior(double Scale = 1) : Prior
{
    private const double InverseRoot = 0.12698727186848193957;   // 1 / √(2π³)

    /// <summary>The global scale.</summary>
    public double Scale { get; } = CheckScale(Scale, nameof(Scale));

    /// <inheritdoc/>
    public override bool IsSmooth => false;

    /// <inheritdoc/>
    public override double Location => 0;

    /// <inheritdoc/>
    public override double LogDensity(double value)
    {
        double u = value * value / (2 * Scale * Scale);
        return u == 0 ? double.PositiveInfinity : Math.Log(InverseRoot / Scale * ExponentialIntegral.Scaled(u));
    }

    /// <inheritdoc/>
    public override double Gradient(double value)
    {
        double u = value * value / (2 * Scale * Scale);
        return value == 0 ? 0 : (1 - 1 / (u * ExponentialIntegral.Scaled(u))) * value / (Scale * Scale);
    }

    /// <inheritdoc/>
    public override double Curvature(double value)
    {
        double step = 1e-4 * Math.Abs(value);
        return value == 0 ? double.NaN : (Gradient(value + step) - Gradient(value - step)) / (2 * step);
    }

    /// <inheritdoc/>
    public override double Draw(Random random) =>
        Scale * Math.Abs(Math.Tan(Math.PI * (random.NextDouble() - 0.5))) * RandomNormal.Draw(random);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"horseshoe({Scale:R})");
}
