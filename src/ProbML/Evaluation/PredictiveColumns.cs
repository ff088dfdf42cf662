namespace ProbML;

/// <summary>The columns that say what is predicted of a number; those of ProbML's models by default.</summary>
/// <remarks>
/// The mean must be there. A column that is named as here and is absent counts as not known; one of another name must be
/// there. CRPS, coverage curve and PIT histogram come from draws where they are given, else from quantiles, else from mean
/// and standard deviation, as those of a normal distribution; the log density from its column, else from that normal one.
/// </remarks>
public sealed record PredictiveColumns
{
    /// <summary>The predictive mean, Single or Double.</summary>
    public string Mean { get; init; } = ColumnNames.Score;

    /// <summary>The standard deviation of a new observation.</summary>
    public string? StandardDeviation { get; init; } = ColumnNames.ScoreStandardDeviation;

    /// <summary>The lower end of an interval for a new observation.</summary>
    public string? LowerBound { get; init; } = ColumnNames.LowerBound;

    /// <summary>The upper end.</summary>
    public string? UpperBound { get; init; } = ColumnNames.UpperBound;

    /// <summary>What the interval promises to hold.</summary>
    public double IntervalLevel { get; init; } = 0.95;

    /// <summary>ln p(y | x) of the label.</summary>
    public string? LogDensity { get; init; } = ColumnNames.LogDensity;

    /// <summary>A vector of quantiles at <see cref="QuantileLevels"/>; null: there is none.</summary>
    public string? Quantiles { get; init; }

    /// <summary>The levels of the quantiles, ascending in (0, 1).</summary>
    public IReadOnlyList<double> QuantileLevels { get; init; } = [];

    /// <summary>A vector of draws from the predictive distribution; null: there is none.</summary>
    public string? Draws { get; init; }
}
