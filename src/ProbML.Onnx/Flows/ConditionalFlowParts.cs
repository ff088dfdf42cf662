namespace ProbML.Flows;

/// <summary>What a conditional flow is made of besides its graph.</summary>
public sealed record ConditionalFlowParts
{
    /// <summary>The names of the features, [c].</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>What each feature goes through first, [c].</summary>
    public required IReadOnlyList<StandardMap> Maps { get; init; }

    /// <summary>What the response goes through first.</summary>
    public required StandardMap Response { get; init; }

    /// <summary>What the architecture is called.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The probability of the interval.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The levels of the column Quantiles; none: there is no such column.</summary>
    public IReadOnlyList<double> QuantileLevels { get; init; } = [];

    /// <summary>How it was trained.</summary>
    public required TrainingReceipt Receipt { get; init; }
}
