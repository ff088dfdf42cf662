namespace ProbML.Cli;

/// <summary>What <c>probml fit</c> was asked for, as written.</summary>
internal sealed record FitRequest
{
    public required string Data { get; init; }

    /// <summary>Names and patterns of files whose rows are fitted as one; none: <see cref="Data"/> is.</summary>
    public IReadOnlyList<string> Shards { get; init; } = [];

    /// <summary>A second file, whose rows are told apart from the first's; null: there is none.</summary>
    public string? Reference { get; init; }

    /// <summary>The files to read.</summary>
    public IReadOnlyList<string> Files =>
        Shards.Count > 0 ? ShardFiles.Find(Shards) : Reference is { } other ? [Data, other] : [Data];

    public required string Label { get; init; }

    public required string Out { get; init; }

    public string Model { get; init; } = "glm";

    public string? Family { get; init; }

    public string? Link { get; init; }

    public IReadOnlyList<string> Features { get; init; } = [];

    public IReadOnlyList<string> Ignore { get; init; } = [];

    public IReadOnlyList<string> Categorical { get; init; } = [];

    public IReadOnlyList<string> Baselines { get; init; } = [];

    public string? Positive { get; init; }

    public IReadOnlyList<string> Levels { get; init; } = [];

    public string? Coding { get; init; }

    public double? Lower { get; init; }

    public double? Upper { get; init; }

    public string? Weight { get; init; }

    public string? Offset { get; init; }

    public string? Exposure { get; init; }

    public double L1 { get; init; }

    public double L2 { get; init; }

    public bool PenaliseIntercept { get; init; }

    public bool NoIntercept { get; init; }

    public double? Theta { get; init; }

    public double? Power { get; init; }

    public string? DropTest { get; init; }

    public bool Profile { get; init; }

    public string? Robust { get; init; }

    public string? Cluster { get; init; }

    public bool Firth { get; init; }

    public bool Path { get; init; }

    public double? Alpha { get; init; }

    public int? Folds { get; init; }

    public string? LambdaRule { get; init; }

    public string? Method { get; init; }

    public IReadOnlyList<string> Priors { get; init; } = [];

    public string? DispersionPrior { get; init; }

    public int? Chains { get; init; }

    public int? Warmup { get; init; }

    public int? Draws { get; init; }

    /// <summary>What was asked of a Gaussian process alone.</summary>
    public GpRequest Gp { get; init; } = new();

    /// <summary>What was asked of a density ratio alone.</summary>
    public RatioRequest Ratio { get; init; } = new();

    public IReadOnlyList<string> Groups { get; init; } = [];

    public IReadOnlyList<string> Slopes { get; init; } = [];

    public bool Independent { get; init; }

    /// <summary>The columns of groups, without their slopes.</summary>
    public IReadOnlyList<string> GroupColumns => [.. Groups.Select(text => text.Split('=', 2)[0].Trim())];

    public double Level { get; init; } = 0.95;

    public int? Seed { get; init; }

    public bool Json { get; init; }
}

/// <summary>What <c>probml summary</c> was asked for.</summary>
internal sealed record SummaryRequest(string Model, bool Json);

/// <summary>What <c>probml predict</c> was asked for.</summary>
internal sealed record PredictRequest(
    string Model, string Data, string Out, double? Level, bool Keep, bool UnseenIsMissing);

/// <summary>What <c>probml evaluate</c> was asked for.</summary>
internal sealed record EvaluateRequest(string Model, string Data, double? Level, bool UnseenIsMissing, bool Json);

/// <summary>What <c>probml export</c> was asked for.</summary>
internal sealed record ExportRequest(string Model, string Out, IReadOnlyList<string> Columns, int Opset, bool Json);
