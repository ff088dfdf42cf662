namespace ProbML;

/// <summary>What the posterior says of one coefficient.</summary>
/// <param name="Name">The feature's name, or "(Intercept)".</param>
/// <param name="Mean">The posterior mean.</param>
/// <param name="StandardDeviation">The posterior standard deviation.</param>
/// <param name="Median">The posterior median.</param>
/// <param name="LowerBound">The lower end of the central interval of the model's level.</param>
/// <param name="UpperBound">Its upper end.</param>
public sealed record BayesianCoefficient(
    string Name, double Mean, double StandardDeviation, double Median, double LowerBound, double UpperBound)
{
    /// <summary>What the intercept is called.</summary>
    public const string Intercept = "(Intercept)";

    /// <summary>Whether automatic relevance determination left the column out.</summary>
    public bool IsPruned { get; init; }

    /// <summary>R̂ over the chains, rank-normalised; near 1 where they agree. Null without draws.</summary>
    public double? RHat { get; init; }

    /// <summary>How many independent draws the draws are worth, in the bulk. Null without draws.</summary>
    public double? BulkEffectiveSize { get; init; }

    /// <summary>How many independent draws the draws are worth, in the tails. Null without draws.</summary>
    public double? TailEffectiveSize { get; init; }

    /// <summary>The precision of its own normal prior, where the evidence chose one; +∞ if it was left out.</summary>
    public double? PriorPrecision { get; init; }
}
