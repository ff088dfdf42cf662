namespace ProbML;

/// <summary>How a density ratio is made of any classifier.</summary>
public sealed record ClassifierRatioOptions
{
    /// <summary>How many classifiers share the rows, beside the one of all; 0: that alone, and fitted rows flatter themselves.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>τ, beyond which weights are cut; null: √n times their mean, n the denominator's rows.</summary>
    public double? MaximumRatio { get; init; }

    /// <summary>The classifier's column of the numerator's probability.</summary>
    public string ProbabilityColumnName { get; init; } = ColumnNames.Probability;

    /// <summary>
    /// The classifier's column of log odds, read in place of the probability, which Single cannot tell from 0 or 1 beyond odds
    /// of 10⁷; null: the probability is read. Of ProbML's classifiers and ML.NET's logistic ones it is "Score".
    /// </summary>
    public string? LogOddsColumnName { get; init; }

    /// <summary>The rows' prior weights, which the classifier must be told of too; null: all one.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>Deals rows to folds; null: 1.</summary>
    public int? Seed { get; init; }

    internal string OddsColumn => LogOddsColumnName ?? ProbabilityColumnName;

    internal void Validate()
    {
        GlmOptions.Check(Folds is 0 or (>= 2 and <= 100), nameof(Folds), Folds, "must be 0, or lie between 2 and 100");
        GlmOptions.Check(MaximumRatio is null or > 0, nameof(MaximumRatio), MaximumRatio, "must be positive");
        GlmOptions.Check(
            !string.IsNullOrWhiteSpace(OddsColumn), nameof(ProbabilityColumnName), ProbabilityColumnName, "must be a column's name");
    }
}
