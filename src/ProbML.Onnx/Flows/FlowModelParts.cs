namespace ProbML.Flows;

/// <summary>What a flow is made of besides its graphs.</summary>
public sealed record FlowModelParts
{
    /// <summary>The names of the features, [d].</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>What each column goes through first, [d].</summary>
    public required IReadOnlyList<ColumnMap> Maps { get; init; }

    /// <summary>Which columns are whole numbers x that stand for the cell [x, x + 1), [d].</summary>
    public required IReadOnlyList<bool> IsCount { get; init; }

    /// <summary>The distribution of u.</summary>
    public required NoiseDistribution Noise { get; init; }

    /// <summary>Whether ln p(x) is known as a sum of conditional log densities.</summary>
    public bool HasConditionals { get; init; }

    /// <summary>What the architecture is called.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The name of the column of u.</summary>
    public string OutputColumnName { get; init; } = "Noise";

    /// <summary>The columns beside it.</summary>
    public FlowColumns Columns { get; init; } = FlowColumns.LogDensity;

    /// <summary>Points in the cell of a row with counts at which the density is averaged.</summary>
    public int CellPoints { get; init; } = 16;

    /// <summary>How it was trained.</summary>
    public required TrainingReceipt Receipt { get; init; }

    /// <summary>The columns, for so many features.</summary>
    internal static IReadOnlyList<OutputColumn> Outputs(string outputColumnName, FlowColumns columns, int size)
    {
        var outputs = new List<OutputColumn> { new(outputColumnName, size) };
        if (columns.HasFlag(FlowColumns.LogDensity))
            outputs.Add(new(ColumnNames.LogDensity));
        if (columns.HasFlag(FlowColumns.ConditionalLogDensity))
            outputs.Add(new(nameof(FlowColumns.ConditionalLogDensity), size));
        if (columns.HasFlag(FlowColumns.MarginalLogDensity))
            outputs.Add(new(nameof(FlowColumns.MarginalLogDensity)));
        if (columns.HasFlag(FlowColumns.MarginalLogDensityStandardError))
            outputs.Add(new(nameof(FlowColumns.MarginalLogDensityStandardError)));
        return outputs;
    }
}
