using System.Globalization;

namespace ProbML;

/// <summary>What is believed of a family's free dispersion φ (σ² of the Gaussian, 1/θ of the negative binomial).</summary>
/// <remarks>Fits move τ = ln φ; densities here are of τ.</remarks>
public abstract record DispersionPrior
{
    /// <summary>φ is known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">φ is not a positive finite number.</exception>
    public static DispersionPrior Fixed(double dispersion) => new FixedDispersion(dispersion);

    /// <summary>φ ~ InverseGamma(shape, scale), conjugate to the Gaussian.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a positive finite number.</exception>
    public static DispersionPrior InverseGamma(double shape, double scale) => new InverseGammaDispersion(shape, scale);

    /// <summary>√φ ~ half-Cauchy(0, scale). Gelman (2006), Bayesian Anal. 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not a positive finite number.</exception>
    public static DispersionPrior HalfCauchy(double scale) => new HalfCauchyDispersion(scale);

    /// <summary>√φ ~ Exponential(rate).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a positive finite number.</exception>
    public static DispersionPrior Exponential(double rate) => new ExponentialDispersion(rate);

    /// <summary>ln φ ~ N(mean, sd²): what an earlier posterior says of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static DispersionPrior LogNormal(double mean, double standardDeviation) => new LogNormalDispersion(mean, standardDeviation);

    /// <summary>φ where it is known; else null.</summary>
    public double? FixedValue => (this as FixedDispersion)?.Value;

    /// <summary>Shape and scale of an inverse gamma; null: it is another prior.</summary>
    public (double Shape, double Scale)? InverseGammaParameters =>
        this is InverseGammaDispersion gamma ? (gamma.Shape, gamma.Scale) : null;

    /// <summary>The prior of a text such as "fixed(1)", "inverse-gamma(2,1)", "half-cauchy(2.5)", "exponential(1)", "log-normal(0,1)".</summary>
    /// <exception cref="FormatException">There is no such prior.</exception>
    public static DispersionPrior Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (word, numbers) = PriorText.Split(text);
        try
        {
            return (word, numbers) switch
            {
                ("fixed", [var value]) => Fixed(value),
                ("inverse-gamma", [var shape, var scale]) => InverseGamma(shape, scale),
                ("half-cauchy", [var scale]) => HalfCauchy(scale),
                ("exponential", [var rate]) => Exponential(rate),
                ("log-normal", [var mean, var sd]) => LogNormal(mean, sd),
                _ => throw new FormatException(
                    $"There is no dispersion prior '{text}'. They are fixed(value), inverse-gamma(shape,scale), half-cauchy(scale), "
                    + "exponential(rate) and log-normal(mean,sd)."),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException($"'{text}' is no dispersion prior: {e.Message}");
        }
    }

    /// <summary>ln p(τ), its first and second derivative.</summary>
    internal abstract (double Value, double Gradient, double Curvature) At(double logDispersion);

    internal static double Check(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"The {name} of a dispersion prior must be a positive finite number.");

    internal static string Text(string name, params ReadOnlySpan<double> numbers) =>
        $"{name}({string.Join(",", numbers.ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))})";
}

/// <summary>φ is known.</summary>
internal sealed record FixedDispersion(double Value) : DispersionPrior
{
    public double Value { get; } = Check(Value, nameof(Value));

    internal override (double Value, double Gradient, double Curvature) At(double logDispersion) => default;

    public override string ToString() => Text("fixed", Value);
}

/// <summary>−aτ − b e^(−τ) and constants.</summary>
internal sealed record InverseGammaDispersion(double Shape, double Scale) : DispersionPrior
{
    public double Shape { get; } = Check(Shape, nameof(Shape));

    public double Scale { get; } = Check(Scale, nameof(Scale));

    internal override (double Value, double Gradient, double Curvature) At(double logDispersion)
    {
        double part = Scale * Math.Exp(-logDispersion);
        return (Shape * (Math.Log(Scale) - logDispersion) - GammaFunctions.LogGamma(Shape) - part, part - Shape, -part);
    }

    public override string ToString() => Text("inverse-gamma", Shape, Scale);
}

/// <summary>Half-Cauchy of √φ.</summary>
internal sealed record HalfCauchyDispersion(double Scale) : DispersionPrior
{
    public double Scale { get; } = Check(Scale, nameof(Scale));

    internal override (double Value, double Gradient, double Curvature) At(double logDispersion)
    {
        double r = Math.Exp(logDispersion) / (Scale * Scale), share = r / (1 + r);
        return (-Math.Log(Math.PI * Scale) - Elementary.Log1p(r) + 0.5 * logDispersion, 0.5 - share, -share / (1 + r));
    }

    public override string ToString() => Text("half-cauchy", Scale);
}

/// <summary>Exponential of √φ.</summary>
internal sealed record ExponentialDispersion(double Rate) : DispersionPrior
{
    public double Rate { get; } = Check(Rate, nameof(Rate));

    internal override (double Value, double Gradient, double Curvature) At(double logDispersion)
    {
        double part = Rate * Math.Exp(0.5 * logDispersion);
        return (Math.Log(Rate / 2) - part + 0.5 * logDispersion, 0.5 - 0.5 * part, -0.25 * part);
    }

    public override string ToString() => Text("exponential", Rate);
}

/// <summary>Normal of ln φ.</summary>
internal sealed record LogNormalDispersion(double Mean, double StandardDeviation) : DispersionPrior
{
    private readonly NormalPrior normal = new(Mean, StandardDeviation);

    internal override (double Value, double Gradient, double Curvature) At(double logDispersion) =>
        (normal.LogDensity(logDispersion), normal.Gradient(logDispersion), normal.Curvature(logDispersion));

    public override string ToString() => Text("log-normal", Mean, StandardDeviation);
}
