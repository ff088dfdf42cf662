using System.Globalization;

namespace ProbML;

/// <summary>A horseshoe whose global scale is learnt, and whose slab keeps large coefficients finite.</summary>
/// <remarks>
/// β | λ, τ, c ~ N(0, τ² c²λ² / (c² + τ²λ²)), λ half-Cauchy(0, 1) for each coefficient, τ half-Cauchy(0, <see cref="GlobalScale"/>) and
/// c² inverse-gamma(ν/2, ν s²/2) shared by all that have an equal prior: Piironen &amp; Vehtari (2017), Electron. J. Stat. 11, eqs. 2.8 and
/// 3.13 for τ₀. With an infinite slab scale it is the horseshoe of Carvalho, Polson &amp; Scott (2010), Biometrika 97. NUTS and stochastic
/// variational gradients move in ln τ, ln λ, ln c² and β in units of its own scale. Coefficients are not independent of each other, so
/// that there is no density of one alone, nor a mode.
/// </remarks>
/// <param name="GlobalScale">The scale of τ, on the scale of the coefficients, > 0.</param>
/// <param name="SlabScale">s, > 0; +∞: no slab.</param>
/// <param name="SlabDegreesOfFreedom">ν, > 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
public sealed record RegularisedHorseshoePrior(double GlobalScale = 1, double SlabScale = 2.5, double SlabDegreesOfFreedom = 4) : Prior
{
    /// <summary>The scale of τ.</summary>
    public double GlobalScale { get; } = CheckScale(GlobalScale, nameof(GlobalScale));

    /// <summary>The scale s of the slab; +∞: there is none.</summary>
    public double SlabScale { get; } = double.IsPositiveInfinity(SlabScale) ? SlabScale : CheckScale(SlabScale, nameof(SlabScale));

    /// <summary>The degrees of freedom ν of the slab, whose tails are Student's t's.</summary>
    public double SlabDegreesOfFreedom { get; } = CheckScale(SlabDegreesOfFreedom, nameof(SlabDegreesOfFreedom));

    /// <summary>Whether there is a slab.</summary>
    public bool HasSlab => double.IsFinite(SlabScale);

    /// <inheritdoc/>
    public override bool IsSmooth => false;

    /// <inheritdoc/>
    public override double Location => 0;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override double LogDensity(double value) => throw Joint();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override double Gradient(double value) => throw Joint();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override double Curvature(double value) => throw Joint();

    /// <summary>A draw of one coefficient, with its own τ and c.</summary>
    public override double Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double wide = GlobalScale * HalfCauchy(random) * HalfCauchy(random);
        double half = 0.5 * SlabDegreesOfFreedom;
        double slab = HasSlab ? SlabScale * Math.Sqrt(half / RandomGamma.Draw(random, half)) : double.PositiveInfinity;
        return RandomNormal.Draw(random) / Math.Sqrt(1 / (wide * wide) + 1 / (slab * slab));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"regularised-horseshoe({GlobalScale:R},{SlabScale:R},{SlabDegreesOfFreedom:R})");

    private static double HalfCauchy(Random random) => Math.Abs(Math.Tan(Math.PI * (random.NextDouble() - 0.5)));

    private InvalidOperationException Joint() => new(
        $"Coefficients under {this} share a scale that is not known: one alone has no density. Fit with Inference.Nuts or Inference.Variational.");
}
