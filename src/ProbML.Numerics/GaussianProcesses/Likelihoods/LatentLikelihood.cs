using ProbML.Fitting;

namespace ProbML.GaussianProcesses;

/// <summary>p(y | f) of a response that is no normal about the latent function f, and a value: likelihoods compare and print.</summary>
/// <remarks>Rasmussen &amp; Williams (2006), §3.3. Positive parameters are moved by their logarithms.</remarks>
public abstract record LatentLikelihood : GaussianProcessLikelihood
{
    private protected LatentLikelihood()
    {
    }

    /// <summary>The names of the parameters, such as "scale".</summary>
    public virtual IReadOnlyList<string> ParameterNames => [];

    /// <summary>What an optimizer moves: the logarithm of each positive parameter, a location as it is.</summary>
    public virtual double[] FreeParameters() => [];

    /// <summary>The same likelihood with other free parameters.</summary>
    public virtual LatentLikelihood With(ReadOnlySpan<double> free) => this;

    /// <summary>ln p(y | f).</summary>
    public double LogDensity(double y, double f) => At(y, f).Value;

    /// <summary>Whether −∂² ln p/∂f² ≥ 0 everywhere, so that the posterior has one mode.</summary>
    internal virtual bool IsLogConcave => true;

    /// <summary>How far from the real line ln p is smooth, in units of π: the logistic function's poles lie at 1.</summary>
    internal virtual double Smoothness => 1;

    /// <summary>What is wrong with a response, as "must be 0 or 1"; null: nothing.</summary>
    internal abstract string? Fault(double y);

    internal abstract LatentPoint At(double y, double f);

    /// <summary>A curvature that is positive and no less than −∂² ln p/∂f² on the way to the maximum.</summary>
    internal virtual double Majoriser(double y, double f) => -At(y, f).Curvature;

    /// <summary>Fills one entry for each of <see cref="ParameterNames"/>.</summary>
    internal virtual void Parameters(double y, double f, Span<ParameterPoint> points)
    {
    }

    /// <summary>Where f starts: near what y alone says.</summary>
    internal virtual double Start(double y) => 0;

    /// <summary>Expected over f ~ N(mean, variance).</summary>
    internal virtual LatentPoint Expect(double y, double mean, double variance)
    {
        double sigma = Math.Sqrt(variance);
        var rule = GaussianRule.For(sigma / Smoothness);
        var sum = default(LatentPoint);
        for (int k = 0; k < rule.Count; k++)
            sum += rule.Weight(k) * At(y, mean + sigma * rule.Node(k));
        return sum;
    }

    /// <summary>Z = ∫ p(y | f)ʷ N(f; mean, variance) df, and the mean and variance under that product.</summary>
    internal virtual TiltedMoments Tilt(double y, double mean, double variance, double weight) =>
        TiltedIntegral.Moments(this, y, mean, variance, weight);
}

/// <summary>The moments of a likelihood times a normal.</summary>
internal readonly record struct TiltedMoments(double LogZ, double Mean, double Variance);
