using ProbML.Evaluation;

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

/// <summary>What calibration has found: the quantile of the scores of all rows, and of each group's.</summary>
/// <param name="Level">The guaranteed probability.</param>
/// <param name="Rows">How many rows calibrated it.</param>
/// <param name="Quantile">The quantile of all rows' scores; +∞ where they were too few.</param>
/// <param name="Groups">The quantile of each group's scores.</param>
public sealed record ConformalCalibration(
    double Level, long Rows, double Quantile, IReadOnlyDictionary<string, double> Groups)
{
    /// <summary>Takes the quantile of each group's scores, and of all.</summary>
    internal static ConformalCalibration Of(double level, IReadOnlyDictionary<string, List<double>> scores)
    {
        double[] all = [.. scores.SelectMany(group => group.Value)];
        return new(
            level,
            all.Length,
            ConformalQuantile.Of(all, level),
            scores.Where(group => group.Key.Length > 0)
                .ToDictionary(group => group.Key, group => ConformalQuantile.Of(group.Value.ToArray(), level)));
    }
}
