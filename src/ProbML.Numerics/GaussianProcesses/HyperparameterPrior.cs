using System.Globalization;

namespace ProbML.GaussianProcesses;

/// <summary>A prior p(θ) of a hyperparameter, on its own scale: the search maximises ln p(y | θ) + ln p(θ).</summary>
/// <remarks>
/// The mode is that of the density of θ itself, not of ln θ, whatever scale the search moves on: as GPyTorch and GPflow have it.
/// </remarks>
public abstract record HyperparameterPrior
{
    private protected HyperparameterPrior()
    {
    }

    /// <summary>θ ~ N(mean, sd²).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not positive and finite.</exception>
    public static HyperparameterPrior Normal(double mean, double standardDeviation) => new NormalHyperprior(mean, standardDeviation);

    /// <summary>ln θ ~ N(mean, sd²).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not positive and finite.</exception>
    public static HyperparameterPrior LogNormal(double mean, double standardDeviation) =>
        new LogNormalHyperprior(mean, standardDeviation);

    /// <summary>θ ~ Gamma(shape, rate), mean shape/rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public static HyperparameterPrior Gamma(double shape, double rate) => new GammaHyperprior(shape, rate);

    /// <summary>1/θ ~ Gamma(shape, rate = scale): keeps a lengthscale from zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public static HyperparameterPrior InverseGamma(double shape, double scale) => new InverseGammaHyperprior(shape, scale);

    /// <summary>ln p(θ).</summary>
    public abstract double LogDensity(double value);

    /// <summary>d ln p(θ) / dθ.</summary>
    public abstract double Slope(double value);

    /// <summary>Reads "normal(0, 1)", "lognormal(0, 1)", "gamma(2, 0.5)" or "inversegamma(3, 2)".</summary>
    /// <exception cref="FormatException">It is none of them; the message says what there is.</exception>
    public static HyperparameterPrior Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = (open < 0 ? text : text[..open]).Trim();
        string[] parts = open >= 0 && text.TrimEnd().EndsWith(')') ? text.TrimEnd()[(open + 1)..^1].Split(',') : [];
        if (parts.Length != 2 || !Number(parts[0], out double first) || !Number(parts[1], out double second))
            throw Wrong("two numbers in parentheses are missing");
        try
        {
            return name.ToLowerInvariant() switch
            {
                "normal" => Normal(first, second),
                "lognormal" => LogNormal(first, second),
                "gamma" => Gamma(first, second),
                "inversegamma" => InverseGamma(first, second),
                _ => throw Wrong($"'{name}' is no prior"),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw Wrong(e.Message);
        }

        FormatException Wrong(string what) => new(
            $"The prior '{text}' cannot be read: {what}. There are normal(mean, sd), lognormal(mean, sd), gamma(shape, rate) and "
            + "inversegamma(shape, scale).");
    }

    private protected static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A prior's scale and shape must be positive and finite.");

    private protected static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A prior's mean must be finite.");

    private protected static string Text(string name, double first, double second) =>
        FormattableString.Invariant($"{name}({first:R}, {second:R})");

    private static bool Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}

/// <summary>A normal prior.</summary>
internal sealed record NormalHyperprior(double Mean, double StandardDeviation) : HyperparameterPrior
{
    public double Mean { get; } = Finite(Mean, nameof(Mean));

    public double StandardDeviation { get; } = Positive(StandardDeviation, nameof(StandardDeviation));

    public override double LogDensity(double value) =>
        NormalDistribution.LogDensity((value - Mean) / StandardDeviation) - Math.Log(StandardDeviation);

    public override double Slope(double value) => (Mean - value) / (StandardDeviation * StandardDeviation);

    public override string ToString() => Text("normal", Mean, StandardDeviation);
}

/// <summary>A log-normal prior.</summary>
internal sealed record LogNormalHyperprior(double Mean, double StandardDeviation) : HyperparameterPrior
{
    public double Mean { get; } = Finite(Mean, nameof(Mean));

    public double StandardDeviation { get; } = Positive(StandardDeviation, nameof(StandardDeviation));

    public override double LogDensity(double value) =>
        NormalDistribution.LogDensity((Math.Log(value) - Mean) / StandardDeviation) - Math.Log(StandardDeviation) - Math.Log(value);

    public override double Slope(double value) =>
        ((Mean - Math.Log(value)) / (StandardDeviation * StandardDeviation) - 1) / value;

    public override string ToString() => Text("lognormal", Mean, StandardDeviation);
}

/// <summary>A gamma prior.</summary>
internal sealed record GammaHyperprior(double Shape, double Rate) : HyperparameterPrior
{
    public double Shape { get; } = Positive(Shape, nameof(Shape));

    public double Rate { get; } = Positive(Rate, nameof(Rate));

    public override double LogDensity(double value) =>
        Shape * Math.Log(Rate) - GammaFunctions.LogGamma(Shape) + (Shape - 1) * Math.Log(value) - Rate * value;

    public override double Slope(double value) => (Shape - 1) / value - Rate;

    public override string ToString() => Text("gamma", Shape, Rate);
}

/// <summary>An inverse-gamma prior.</summary>
internal sealed record InverseGammaHyperprior(double Shape, double Scale) : HyperparameterPrior
{
    public double Shape { get; } = Positive(Shape, nameof(Shape));

    public double Scale { get; } = Positive(Scale, nameof(Scale));

    public override double LogDensity(double value) =>
        Shape * Math.Log(Scale) - GammaFunctions.LogGamma(Shape) - (Shape + 1) * Math.Log(value) - Scale / value;

    public override double Slope(double value) => -(Shape + 1) / value + Scale / (value * value);

    public override string ToString() => Text("inversegamma", Shape, Scale);
}
