namespace ProbML;

/// <summary>A mean and its derivatives with respect to η, accurate in both tails.</summary>
/// <remarks>
/// A probability stops at <see cref="Smallest"/> instead of becoming zero, and its slope and curvature stop with it, so
/// that Slope / Mean and Slope / Complement, of which scores are made, stay right where the probability itself
/// underflows.
/// </remarks>
/// <param name="Mean">μ.</param>
/// <param name="Complement">1 − μ, without cancellation.</param>
/// <param name="Slope">dμ/dη.</param>
/// <param name="Curvature">d²μ/dη².</param>
public readonly record struct MeanPoint(double Mean, double Complement, double Slope, double Curvature)
{
    /// <summary>The smallest normal double, 2⁻¹⁰²²: where probabilities stop.</summary>
    public const double Smallest = 2.2250738585072014e-308;

    private const double LargestRatio = 1e140;

    /// <summary>
    /// The true logarithm of the mean or complement that stopped at <see cref="Smallest"/>; 0 where none did.
    /// </summary>
    public double LogTail { get; init; }

    /// <summary>ln μ, accurate at μ near 1 and where μ underflows.</summary>
    public double LogMean => LogOf(Mean, Complement);

    /// <summary>ln(1 − μ), accurate at μ near 0 and where 1 − μ underflows.</summary>
    public double LogComplement => LogOf(Complement, Mean);

    /// <summary>A mean alone, for where no derivative is asked.</summary>
    public static MeanPoint Of(double mean) => new(mean, 1 - mean, double.NaN, double.NaN);

    /// <summary>The mean of the opposite outcome at −η: μ and 1 − μ change places.</summary>
    internal MeanPoint Mirrored() => this with { Mean = Complement, Complement = Mean, Curvature = -Curvature };

    /// <summary>A mean (lower) or complement that has underflowed.</summary>
    /// <param name="lower">Whether it is μ, not 1 − μ.</param>
    /// <param name="logTail">Its logarithm.</param>
    /// <param name="decay">|d ln tail / dη|.</param>
    /// <param name="slopeDecay">d ln slope / dη.</param>
    internal static MeanPoint Underflowed(bool lower, double logTail, double decay, double slopeDecay)
    {
        double slope = Smallest * Math.Min(decay, LargestRatio);
        double curvature = slope * Math.Clamp(slopeDecay, -LargestRatio, LargestRatio);
        logTail = Math.Max(logTail, -double.MaxValue);
        return lower
            ? new(Smallest, 1, slope, curvature) { LogTail = logTail }
            : new(1, Smallest, slope, curvature) { LogTail = logTail };
    }

    private double LogOf(double value, double other) =>
        value == Smallest && LogTail < 0 ? LogTail : other < 0.5 ? Elementary.Log1p(-other) : Math.Log(value);
}
