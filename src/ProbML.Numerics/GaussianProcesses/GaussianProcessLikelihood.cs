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
