using ProbML.Flows;

namespace ProbML.DensityRatios;

/// <summary>What a network of the log ratio is made of besides its graph.</summary>
public sealed record RatioNetworkParts
{
    /// <summary>The names of the features, [d].</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>What each feature goes through first, [d].</summary>
    public required IReadOnlyList<StandardMap> Maps { get; init; }

    /// <summary>ln(n₁/n₀), by which the log odds differ from the log ratio.</summary>
    public required double LogPriorOdds { get; init; }

    /// <summary>What the network and its loss are called.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Divergences, effective sample size, and what makes weights of ratios.</summary>
    public required DensityRatioStatistics Statistics { get; init; }

    /// <summary>How it was trained.</summary>
    public required TrainingReceipt Receipt { get; init; }
}
