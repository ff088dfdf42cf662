namespace ProbML.Cli;

/// <summary>What <c>probml fit --model flow</c> was asked for, as written; null: as is usual.</summary>
internal sealed record FlowRequest
{
    /// <summary>What it has in common with other fits: files, columns, seed.</summary>
    public required FitRequest Common { get; init; }

    public required string Kind { get; init; }

    public int? Layers { get; init; }

    public required string Noise { get; init; }

    /// <summary>Columns that are angles, as "column=period" or "column=low:high".</summary>
    public IReadOnlyList<string> Circular { get; init; } = [];

    public IReadOnlyList<string> Hidden { get; init; } = [];

    public int? Epochs { get; init; }

    public int? Batch { get; init; }

    public double? LearningRate { get; init; }

    public string Device { get; init; } = "auto";

    public bool Anomaly { get; init; }

    public double? FalseAlarmRate { get; init; }
}
