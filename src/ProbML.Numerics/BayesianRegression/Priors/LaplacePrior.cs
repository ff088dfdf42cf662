using System.Globalization;

namespace ProbML;

/// <summary>p(β) = exp(−|β − location| / scale) / (2 scale), the lasso's prior.</summary>
/// <remarks>Park &amp; Casella (2008), JASA 103. Its density has an edge at the location.</remarks>
/// <param name="Centre">The location.</param>
/// <param name="Scale">The scale, > 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed record LaplacePrior(double Centre = 0, double Scale = 1) : Prior
{
    /// <summary>The location.</summary>
    public double Centre { get; } = CheckLocation(Centre, nameof(Centre));

    /// <summary>The scale.</summary>
    public double Scale { get; } = CheckScale(Scale, nameof(Scale));

    /// <inheritdoc/>
    public override bool IsSmooth => false;

    /// <inheritdoc/>
    public override double Location => Centre;

    /// <inheritdoc/>
    public override double LogDensity(double value) => -Math.Abs(value - Centre) / Scale - Math.Log(2 * Scale);

    /// <inheritdoc/>
    public override double Gradient(double value) => -Math.Sign(value - Centre) / Scale;

    /// <inheritdoc/>
    public override double Curvature(double value) => 0;

    /// <inheritdoc/>
    public override double Draw(Random random)
    {
        double u = random.NextDouble() - 0.5;
        return Centre - Scale * Math.Sign(u) * Elementary.Log1p(-2 * Math.Abs(u));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"laplace({Centre:R},{Scale:R})");
}
