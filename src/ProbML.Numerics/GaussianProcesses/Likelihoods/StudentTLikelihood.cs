namespace ProbML.GaussianProcesses;

/// <summary>Robust regression: (y − f)/σ is Student's t with ν degrees of freedom, so that outliers do not pull.</summary>
/// <remarks>Not log-concave: the posterior may have several modes. Vanhatalo, Jylänki &amp; Vehtari (2009), NIPS 22.</remarks>
public sealed record StudentTLikelihood : ResponseLikelihood
{
    private readonly double degreesOfFreedom = 4;
    private readonly double? scale;

    /// <summary>ν &gt; 0.</summary>
    public double DegreesOfFreedom
    {
        get => degreesOfFreedom;
        init => degreesOfFreedom = Positive(value, nameof(DegreesOfFreedom));
    }

    /// <summary>Whether ν is kept, not optimised.</summary>
    public bool FixedDegreesOfFreedom { get; init; } = true;

    /// <summary>σ &gt; 0, in the response's units; null: a search starts at half the response's standard deviation.</summary>
    public double? Scale
    {
        get => scale;
        init => scale = value is { } given ? Positive(given, nameof(Scale)) : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => FixedDegreesOfFreedom ? ["scale"] : ["scale", "df"];

    internal override bool IsLogConcave => false;

    /// <summary>ln p has its branch points at y ± iσ√ν.</summary>
    internal override double Smoothness => Sigma * Math.Sqrt(DegreesOfFreedom) / Math.PI;

    private double Sigma => Scale ?? 1;

    /// <inheritdoc/>
    public override double[] FreeParameters() => FixedDegreesOfFreedom
        ? [Math.Log(Sigma)]
        : [Math.Log(Sigma), Math.Log(DegreesOfFreedom)];

    /// <inheritdoc/>
    public override LatentLikelihood With(ReadOnlySpan<double> free) => FixedDegreesOfFreedom
        ? this with { Scale = Math.Exp(free[0]) }
        : this with { Scale = Math.Exp(free[0]), DegreesOfFreedom = Math.Exp(free[1]) };

    /// <inheritdoc/>
    public override double Mean(double f) => DegreesOfFreedom > 1 ? f : double.NaN;

    /// <summary>σ²ν/(ν − 2); infinite for ν ≤ 2.</summary>
    public override double Variance(double f) => DegreesOfFreedom > 2
        ? Sigma * Sigma * DegreesOfFreedom / (DegreesOfFreedom - 2)
        : double.PositiveInfinity;

    /// <inheritdoc/>
    public override double CumulativeProbability(double y, double f) => ProbML.StudentT.Cdf((y - f) / Sigma, DegreesOfFreedom);

    /// <inheritdoc/>
    public override double Quantile(double probability, double f) =>
        f + Sigma * ProbML.StudentT.Quantile(probability, DegreesOfFreedom);

    /// <inheritdoc/>
    public override string ToString() => Scale is { } given
        ? LikelihoodText.Write("studentt", ("df", DegreesOfFreedom), ("scale", given))
        : LikelihoodText.Write("studentt", ("df", DegreesOfFreedom));

    internal override string? Fault(double y) => double.IsFinite(y) ? null : "must be finite";

    internal override double Start(double y) => y;

    internal override double StartMean(double mean, double deviation) => mean;

    internal override ResponseLikelihood ForSpread(double mean, double deviation) =>
        Scale is null ? this with { Scale = deviation > 0 ? 0.5 * deviation : 1 } : this;

    internal override LatentPoint At(double y, double f)
    {
        double nu = DegreesOfFreedom, c = nu * Sigma * Sigma, r = y - f, q = c + r * r;
        return new(
            ProbML.StudentT.LogDensity(r / Sigma, nu) - Math.Log(Sigma),
            (nu + 1) * r / q,
            -(nu + 1) * (c - r * r) / (q * q),
            2 * (nu + 1) * r * (r * r - 3 * c) / (q * q * q));
    }

    /// <summary>(ν + 1)/(νσ² + r²): the curvature of expectation maximisation, whose steps never descend.</summary>
    internal override double Majoriser(double y, double f) =>
        (DegreesOfFreedom + 1) / (DegreesOfFreedom * Sigma * Sigma + (y - f) * (y - f));

    internal override void Parameters(double y, double f, Span<ParameterPoint> points)
    {
        double nu = DegreesOfFreedom, c = nu * Sigma * Sigma, r = y - f, square = r * r, q = c + square;
        double bySlope = -(nu + 1) * r * c / (q * q), byCurvature = -(nu + 1) * c * (3 * square - c) / (q * q * q);   // c ∂/∂c
        points[0] = new(-1 + (nu + 1) * square / q, 2 * bySlope, 2 * byCurvature);
        if (FixedDegreesOfFreedom)
            return;
        double value = 0.5 * nu * (GammaFunctions.Digamma(0.5 * (nu + 1)) - GammaFunctions.Digamma(0.5 * nu)) - 0.5
            - 0.5 * nu * Elementary.Log1p(square / c) + 0.5 * (nu + 1) * square / q;
        points[1] = new(value, nu * r / q + bySlope, -nu * (c - square) / (q * q) + byCurvature);
    }
}
