using System.Diagnostics.CodeAnalysis;

namespace ProbML;

/// <summary>The exponential-dispersion families, by name.</summary>
public static class Families
{
    /// <summary>V(μ) = 1.</summary>
    public static GaussianFamily Gaussian { get; } = new();

    /// <summary>V(μ) = μ(1 − μ).</summary>
    public static BernoulliFamily Bernoulli { get; } = new();

    /// <summary>V(μ) = μ.</summary>
    public static PoissonFamily Poisson { get; } = new();

    /// <summary>V(μ) = μ².</summary>
    public static GammaFamily Gamma { get; } = new();

    /// <summary>V(μ) = μ³.</summary>
    public static InverseGaussianFamily InverseGaussian { get; } = new();

    /// <summary>Every family that has no parameter.</summary>
    public static IReadOnlyList<IFamily> All { get; } = [Gaussian, Bernoulli, Poisson, Gamma, InverseGaussian];

    /// <summary>V(μ) = μᵖ, 1 &lt; p &lt; 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not inside (1, 2).</exception>
    public static TweedieFamily Tweedie(double power) => new(power);

    /// <summary>V(μ) = μ + μ² / θ, θ to be estimated.</summary>
    public static NegativeBinomialFamily NegativeBinomial() => new();

    /// <summary>V(μ) = μ + μ² / θ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">θ is not a positive finite number.</exception>
    public static NegativeBinomialFamily NegativeBinomial(double theta) => new(theta);

    /// <summary>The family of a name such as "poisson", "tweedie(1.5)" or "negative-binomial".</summary>
    /// <exception cref="FormatException">There is no such family.</exception>
    public static IFamily Parse(string name) => TryParse(name, out IFamily? family)
        ? family
        : throw new FormatException(
            $"There is no family '{name}'. The families are {string.Join(", ", All.Select(known => known.Name))}, "
            + "tweedie(p) with p between 1 and 2, negative-binomial, and negative-binomial(theta) with theta above 0.");

    /// <summary>The family of a name, or false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out IFamily? family)
    {
        var (word, argument) = NameWithArgument.Split(name);
        family = (word, argument) switch
        {
            ("tweedie", > 1 and < 2) => Tweedie(argument.Value),
            ("negative-binomial", null) => NegativeBinomial(),
            ("negative-binomial", double theta) when theta > 0 && double.IsFinite(theta) => NegativeBinomial(theta),
            (_, null) => All.FirstOrDefault(known => known.Name == word),
            _ => null,
        };
        return family is not null;
    }
}
