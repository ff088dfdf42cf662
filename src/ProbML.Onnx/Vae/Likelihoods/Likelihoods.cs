using System.Globalization;

namespace ProbML.Vae;

/// <summary>The distributions that the columns of a variational autoencoder may have.</summary>
public static class Likelihoods
{
    /// <summary>Zeros and ones.</summary>
    public static Likelihood Bernoulli { get; } = new BernoulliLikelihood();

    /// <summary>Probabilities, such as grey levels over 255, from which bits are drawn anew at each visit in training.</summary>
    public static Likelihood BernoulliBits { get; } = new BernoulliLikelihood { DrawsBits = true };

    /// <summary>Real numbers, with one learned variance for each column.</summary>
    public static Likelihood Gaussian { get; } = new GaussianLikelihood();

    /// <summary>Real numbers, whose variance differs from row to row.</summary>
    public static Likelihood HeteroscedasticGaussian { get; } =
        new GaussianLikelihood { Variances = GaussianVariance.PerRow };

    /// <summary>Columns of which one is 1 and the others 0.</summary>
    public static Likelihood Categorical { get; } = new CategoricalLikelihood();

    /// <summary>Counts with variance μ.</summary>
    public static Likelihood Poisson { get; } = new PoissonLikelihood();

    /// <summary>Counts with variance μ + μ²/θ.</summary>
    public static Likelihood NegativeBinomial { get; } = new NegativeBinomialLikelihood();

    /// <summary>Real numbers with a known standard deviation, in the column's units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public static Likelihood GaussianWith(double standardDeviation)
    {
        if (!(standardDeviation > 0 && double.IsFinite(standardDeviation)))
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "A standard deviation must be positive and finite.");
        return new GaussianLikelihood { Variances = GaussianVariance.Fixed, StandardDeviation = standardDeviation };
    }

    /// <summary>Reads what a likelihood's <c>ToString</c> writes, such as "poisson" or "gaussian(fixed,0.1)".</summary>
    /// <exception cref="FormatException">There is no such likelihood; the message lists those there are.</exception>
    public static Likelihood Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int open = text.IndexOf('(', StringComparison.Ordinal);
        bool closed = open > 0 && text.EndsWith(')');
        string name = (closed ? text[..open] : text).Trim().ToLowerInvariant();
        string[] arguments = closed ? text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries) : [];
        return (name, arguments) switch
        {
            ("bernoulli", []) => Bernoulli,
            ("bernoulli", ["bits"]) => BernoulliBits,
            ("gaussian", _) => GaussianLikelihood.Parse(arguments),
            ("categorical", []) => Categorical,
            ("poisson", []) => Poisson,
            ("negative-binomial", []) => NegativeBinomial,
            ("constant", [var value]) when double.TryParse(value, CultureInfo.InvariantCulture, out double constant) =>
                new ConstantLikelihood(constant),
            _ => throw new FormatException(
                $"There is no likelihood '{text}'. Choose bernoulli, bernoulli(bits), gaussian, gaussian(shared), "
                + "gaussian(per-row), gaussian(fixed,s), categorical, poisson or negative-binomial."),
        };
    }
}
