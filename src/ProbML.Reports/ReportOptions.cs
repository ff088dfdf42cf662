namespace ProbML.Reports;

/// <summary>What a report looks at, and how much of it.</summary>
public sealed record ReportOptions
{
    /// <summary>The title; null: the kind of model and what it predicts.</summary>
    public string? Title { get; init; }

    /// <summary>The column of what was observed; null: the model's own label, of ML.NET's models "Label".</summary>
    /// <remarks>Of a model without a label: what colours its latent map.</remarks>
    public string? LabelColumnName { get; init; }

    /// <summary>The column of the rows' weights; null: there are none.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>What intervals promise to hold; null: as the model says, else 0.95. It does not change the model's own.</summary>
    public double? Level { get; init; }

    /// <summary>The features to draw predictions along, by name; null: those that move predictions most.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Of how many features, if they are not named.</summary>
    public int FeatureCount { get; init; } = 3;

    /// <summary>At most so many coefficients, parameters and columns are drawn: those that stand out most.</summary>
    public int MaximumDrawn { get; init; } = 40;

    /// <summary>At most so many points are drawn in a scatter plot.</summary>
    public int MaximumPoints { get; init; } = 1500;

    /// <summary>
    /// At most so many rows, drawn at random, are held for residuals, medians and maps; scores and curves of calibration are of all rows.
    /// </summary>
    public int MaximumRows { get; init; } = 10_000;

    /// <summary>The seed of that draw, and of the random part of residuals of counts and classes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Ends the report with <see cref="OperationCanceledException"/>; nothing is written.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told how many rows have been read, now and then.</summary>
    public IProgress<long>? Progress { get; init; }

    internal void Validate()
    {
        if (Level is { } level && !(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(Level), level, "Level must lie strictly between 0 and 1.");
        foreach (var (name, value) in (IEnumerable<(string, int)>)
            [(nameof(FeatureCount), FeatureCount + 1), (nameof(MaximumDrawn), MaximumDrawn), (nameof(MaximumPoints), MaximumPoints), (nameof(MaximumRows), MaximumRows)])
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive.");
        }
    }
}
