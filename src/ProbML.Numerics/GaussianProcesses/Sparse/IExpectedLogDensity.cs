namespace ProbML.GaussianProcesses;

/// <summary>E ln p(y | f) over f ~ N(μ, v): all that variational inference asks of a likelihood.</summary>
internal interface IExpectedLogDensity
{
    /// <summary>What an optimizer moves: the logarithm of each positive parameter.</summary>
    double[] FreeParameters { get; }

    /// <summary>Whether the posterior is normal, so that q(u) can be had in one pass.</summary>
    bool IsConjugate { get; }

    /// <summary>The same likelihood with other free parameters.</summary>
    IExpectedLogDensity With(ReadOnlySpan<double> free);

    /// <summary>The expectation at one row, and its derivatives.</summary>
    /// <param name="y">The response.</param>
    /// <param name="mean">μ.</param>
    /// <param name="variance">v.</param>
    /// <param name="weight">The row's prior weight.</param>
    /// <param name="scale">What is added to <paramref name="gradient"/> is multiplied by this.</param>
    /// <param name="gradient">Takes the derivatives with respect to the free parameters; empty: not wanted.</param>
    ExpectedPoint Expect(double y, double mean, double variance, double weight, double scale, Span<double> gradient);
}

/// <summary>An expected log density and its derivatives with respect to μ and v.</summary>
internal readonly record struct ExpectedPoint(double Value, double ByMean, double ByVariance);

/// <summary>y ~ N(f, σ²/w): E ln p = −½ ln(2πσ²/w) − w ((y − μ)² + v)/(2σ²).</summary>
internal sealed record GaussianLogDensity(double NoiseVariance) : IExpectedLogDensity
{
    public double[] FreeParameters => [Math.Log(NoiseVariance)];

    public bool IsConjugate => true;

    public IExpectedLogDensity With(ReadOnlySpan<double> free) => new GaussianLogDensity(Math.Exp(free[0]));

    public ExpectedPoint Expect(double y, double mean, double variance, double weight, double scale, Span<double> gradient)
    {
        double precision = weight / NoiseVariance, residual = y - mean, square = residual * residual + variance;
        if (!gradient.IsEmpty)
            gradient[0] += scale * 0.5 * (precision * square - 1);
        return new(0.5 * (Math.Log(precision / (2 * Math.PI)) - precision * square), precision * residual, -0.5 * precision);
    }
}
