using System.Diagnostics.CodeAnalysis;

namespace ProbML;

/// <summary>The link functions, by name.</summary>
public static class Links
{
    /// <summary>η = μ.</summary>
    public static IdentityLink Identity { get; } = new();

    /// <summary>η = ln(μ / (1 − μ)).</summary>
    public static LogitLink Logit { get; } = new();

    /// <summary>η = Φ⁻¹(μ).</summary>
    public static ProbitLink Probit { get; } = new();

    /// <summary>η = ln(−ln(1 − μ)).</summary>
    public static ComplementaryLogLogLink ComplementaryLogLog { get; } = new();

    /// <summary>η = −ln(−ln μ).</summary>
    public static LogLogLink LogLog { get; } = new();

    /// <summary>η = tan(π(μ − ½)).</summary>
    public static CauchitLink Cauchit { get; } = new();

    /// <summary>η = artanh(2μ − 1), half the logit.</summary>
    public static TanhLink Tanh { get; } = new();

    /// <summary>η = ln μ.</summary>
    public static LogLink Log { get; } = new();

    /// <summary>η = √μ.</summary>
    public static SquareRootLink SquareRoot { get; } = new();

    /// <summary>η = 1 / μ.</summary>
    public static ReciprocalLink Reciprocal { get; } = new();

    /// <summary>η = 1 / μ².</summary>
    public static InverseSquaredLink InverseSquared { get; } = new();

    /// <summary>Every link that has no parameter.</summary>
    public static IReadOnlyList<ILinkFunction> All { get; } =
    [
        Identity, Logit, Probit, ComplementaryLogLog, LogLog, Cauchit, Tanh,
        Log, SquareRoot, Reciprocal, InverseSquared,
    ];

    /// <summary>η = μᵏ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is zero or not finite.</exception>
    public static PowerLink Power(double exponent) => new(exponent);

    /// <summary>The link of a name such as "logit", "1/mu^2" or "power(0.5)".</summary>
    /// <exception cref="FormatException">There is no such link.</exception>
    public static ILinkFunction Parse(string name) => TryParse(name, out ILinkFunction? link)
        ? link
        : throw new FormatException(
            $"There is no link '{name}'. The links are {string.Join(", ", All.Select(known => known.Name))} "
            + "and power(k), k a number other than 0.");

    /// <summary>The link of a name, or false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out ILinkFunction? link)
    {
        var (word, argument) = NameWithArgument.Split(name);
        link = (word, argument) switch
        {
            ("1/mu^2", null) => InverseSquared,
            ("power", double k) when k != 0 && double.IsFinite(k) => Power(k),
            (_, null) => All.FirstOrDefault(known => known.Name == word),
            _ => null,
        };
        return link is not null;
    }
}
