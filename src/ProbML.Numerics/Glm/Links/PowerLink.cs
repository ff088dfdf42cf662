using System.Globalization;

namespace ProbML;

/// <summary>The power link, η = μᵏ, μ &gt; 0.</summary>
/// <remarks>McCullagh &amp; Nelder (1989), §2.2 and §11.3.</remarks>
public sealed record PowerLink : ILinkFunction
{
    /// <summary>The power link of an exponent k.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is zero or not finite.</exception>
    public PowerLink(double exponent)
    {
        if (exponent == 0 || !double.IsFinite(exponent))
        {
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent,
                "The exponent of a power link must be a finite number other than 0. For exponent 0 choose Links.Log.");
        }
        Exponent = exponent;
    }

    /// <summary>k.</summary>
    public double Exponent { get; }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"power({Exponent:R})");

    /// <inheritdoc/>
    public string Formula => string.Create(CultureInfo.InvariantCulture, $"mu = eta^(1 / {Exponent:R}) (eta > 0)");

    /// <inheritdoc/>
    public double Link(double mean) => Math.Pow(mean, Exponent);

    /// <inheritdoc/>
    public MeanPoint Inverse(double eta)
    {
        double root = 1 / Exponent, mean = Math.Min(Math.Pow(eta, root), double.MaxValue);
        double slope = root * (mean / eta);
        return new(mean, 1 - mean, slope, (root - 1) * slope / eta);
    }

    /// <inheritdoc/>
    public bool IsInDomain(double eta) => eta > 0 && double.IsFinite(eta);
}
