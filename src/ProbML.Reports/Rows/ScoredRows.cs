using ProbML.Evaluation;

namespace ProbML.Reports.Rows;

/// <summary>What one pass over scored rows has found.</summary>
internal abstract record ScoredRows
{
    /// <summary>The rows that were read.</summary>
    public required long Count { get; init; }

    /// <summary>Some of them.</summary>
    public required IReadOnlyList<SampledRow> Sample { get; init; }
}

/// <summary>Rows whose label is a number.</summary>
internal sealed record NumberRows : ScoredRows
{
    public required ProbabilisticRegressionMetrics Metrics { get; init; }
}

/// <summary>Rows of two classes.</summary>
internal sealed record BinaryRows : ScoredRows
{
    public required ProbabilisticBinaryMetrics Metrics { get; init; }
}

/// <summary>Rows of several classes.</summary>
internal sealed record ClassRows : ScoredRows
{
    public required ProbabilisticMulticlassMetrics Metrics { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How often each class (first index) was predicted as each (second), [K, K].</summary>
    public required long[,] Confusion { get; init; }
}

/// <summary>Rows without a label.</summary>
internal sealed record PlainRows : ScoredRows;
