namespace ProbML.GaussianProcesses;

/// <summary>How a response y scatters about the function f of a Gaussian process.</summary>
public abstract record GaussianProcessLikelihood
{
    private protected GaussianProcessLikelihood()
    {
    }

    /// <summary>y ~ N(f, σ²).</summary>
    /// <param name="noiseVariance">σ² ≥ 0 where the search starts, in the unit the target is fitted in; null: a tenth of its variance.</param>
    /// <param name="isFixed">Whether σ² stays as it is; 0 must.</param>
    /// <exception cref="ArgumentOutOfRangeException">The variance is negative or not finite, or zero and not fixed.</exception>
    public static GaussianProcessLikelihood Gaussian(double? noiseVariance = null, bool isFixed = false) =>
        new GaussianNoise(noiseVariance, isFixed);

    /// <summary>Two classes: P(Y = 1 | f) = 1/(1 + e^(−f)), or Φ(f).</summary>
    /// <param name="link">Logit or probit; null: logit.</param>
    /// <exception cref="ArgumentException">The link is another one.</exception>
    public static BernoulliLikelihood Bernoulli(ILinkFunction? link = null) => new(link);

    /// <summary>Counts of mean e^f.</summary>
    public static PoissonLikelihood Poisson { get; } = new();

    /// <summary>Counts of mean μ = e^f and variance μ + μ²/θ.</summary>
    /// <param name="theta">θ &gt; 0, where the search starts.</param>
    /// <exception cref="ArgumentOutOfRangeException">θ is not positive.</exception>
    public static NegativeBinomialLikelihood NegativeBinomial(double theta = 1) => new() { Theta = theta };

    /// <summary>y = f + σ t, t of Student's distribution: outliers do not pull.</summary>
    /// <param name="degreesOfFreedom">ν &gt; 0, which stays as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not positive.</exception>
    public static StudentTLikelihood StudentT(double degreesOfFreedom = 4) => new() { DegreesOfFreedom = degreesOfFreedom };
}

/// <summary>Normal noise.</summary>
internal sealed record GaussianNoise(double? NoiseVariance, bool IsFixed) : GaussianProcessLikelihood
{
    public double? NoiseVariance { get; } = NoiseVariance is null or (>= 0 and < double.PositiveInfinity)
        && (IsFixed || NoiseVariance is not 0)
        ? NoiseVariance
        : throw new ArgumentOutOfRangeException(
            nameof(NoiseVariance), NoiseVariance, "The noise variance must be positive and finite, or zero and fixed.");
}
