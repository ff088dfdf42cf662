using System.Globalization;

namespace ProbML;

/// <summary>β = location + scale · T, T Student's t: heavier tails, for a few large effects. One degree of freedom: Cauchy.</summary>
/// <remarks>Gelman, Jakulin, Pittau &amp; Su (2008), Ann. Appl. Stat. 2.</remarks>
/// <param name="DegreesOfFreedom">ν > 0.</param>
/// <param name="Centre">The location.</param>
/// <param name="Scale">The scale, > 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed record StudentTPrior(double DegreesOfFreedom, double Centre = 0, double Scale = 1) : Prior
{
    /// <summary>ν.</summary>
    public double DegreesOfFreedom { get; } = CheckScale(DegreesOfFreedom, nameof(DegreesOfFreedom));

    /// <summary>The location.</summary>
    public double Centre { get; } = CheckLocation(Centre, nameof(Centre));

    /// <summary>The scale.</summary>
    public double Scale { get; } = CheckScale(Scale, nameof(Scale));

    /// <inheritdoc/>
    public override double Location => Centre;

    /// <inheritdoc/>
    public override double LogDensity(double value) =>
        StudentT.LogDensity((value - Centre) / Scale, DegreesOfFreedom) - Math.Log(Scale);

    /// <inheritdoc/>
    public override double Gradient(double value)
    {
        double z = (value - Centre) / Scale;
        return -(DegreesOfFreedom + 1) * z / (DegreesOfFreedom + z * z) / Scale;
    }

    /// <inheritdoc/>
    public override double Curvature(double value)
    {
        double z = (value - Centre) / Scale, sum = DegreesOfFreedom + z * z;
        return -(DegreesOfFreedom + 1) * (DegreesOfFreedom - z * z) / (sum * sum) / (Scale * Scale);
    }

    /// <inheritdoc/>
    public override double Draw(Random random) =>
        Centre + Scale * RandomNormal.Draw(random) / Math.Sqrt(2 * RandomGamma.Draw(random, DegreesOfFreedom / 2) / DegreesOfFreedom);

    /// <inheritdoc/>
    public override string ToString() => DegreesOfFreedom == 1
        ? string.Create(CultureInfo.InvariantCulture, $"cauchy({Centre:R},{Scale:R})")
        : string.Create(CultureInfo.InvariantCulture, $"student-t({DegreesOfFreedom:R},{Centre:R},{Scale:R})");
}
