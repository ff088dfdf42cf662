namespace ProbML.Cli;

/// <summary>What <c>probml fit --model ratio</c> was asked for besides files and columns, as written; null: as is usual.</summary>
internal sealed record RatioRequest
{
    /// <summary>The functions of the features: linear, quadratic, or auto.</summary>
    public string Shape { get; init; } = "auto";

    public int? Components { get; init; }

    public double? L2 { get; init; }

    public int? CrossFit { get; init; }

    public double? MaximumRatio { get; init; }

    /// <summary>The network in place of products of features; null: there is none.</summary>
    public NetworkRequest? Network { get; init; }

    /// <summary>What the network makes small; null where there is none, or it is not said.</summary>
    public string? Loss { get; init; }
}

/// <summary>How a network is built and trained, as written.</summary>
internal sealed record NetworkRequest(IReadOnlyList<string> Hidden, int? Epochs, int? Batch, double? LearningRate, string Device);
