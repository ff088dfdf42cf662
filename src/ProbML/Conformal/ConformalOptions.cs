namespace ProbML;

/// <summary>How conformal predictions are calibrated.</summary>
public sealed record ConformalOptions
{
    /// <summary>The probability that the interval or set holds what is observed.</summary>
    public double Level { get; init; } = 0.9;

    /// <summary>The share of the rows that the model is not fitted to: they calibrate it.</summary>
    public double CalibrationFraction { get; init; } = 0.25;

    /// <summary>A column of groups, each of which gets the guarantee for itself: text, key, Boolean or integers.</summary>
    /// <remarks>
    /// Mondrian conformal prediction: Vovk, Gammerman &amp; Shafer (2005), §4.5. A group that calibration did not see gets the
    /// bounds of all rows together.
    /// </remarks>
    public string? GroupColumnName { get; init; }

    /// <summary>
    /// A column of importance weights ≥ 0, each ∝ the density ratio of the new rows' features to those of the rows that calibrate,
    /// where new rows come from elsewhere (covariate shift): a density ratio's Weight. It is read from new rows too, with groups
    /// within each. Null: all rows come from one place.
    /// </summary>
    /// <remarks>Tibshirani, Barber, Candès &amp; Ramdas (2019), Conformal prediction under covariate shift, corollary 1.</remarks>
    public string? WeightColumnName { get; init; }

    /// <summary>Rows of the same value of this column stay together when rows are set aside; null: rows are drawn singly.</summary>
    public string? SamplingKeyColumnName { get; init; }

    /// <summary>The seed by which rows are set aside; null: the context's.</summary>
    public int? Seed { get; init; }

    internal void Check()
    {
        if (!(Level > 0 && Level < 1))
            throw new ArgumentOutOfRangeException(nameof(Level), Level, "A level must lie between 0 and 1.");
        if (!(CalibrationFraction > 0 && CalibrationFraction < 1))
            throw new ArgumentOutOfRangeException(
                nameof(CalibrationFraction), CalibrationFraction, "A share of the rows must lie between 0 and 1.");
    }
}
