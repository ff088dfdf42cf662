using ProbML.Evaluation;

namespace ProbML;

/// <summary>What calibration has found: the quantile of the scores of all rows, and of each group's.</summary>
/// <param name="Level">The guaranteed probability.</param>
/// <param name="Rows">How many rows calibrated it.</param>
/// <param name="Quantile">The quantile of all rows' scores; +∞ where they were too few. Of weighted rows, for a row of their mean weight.</param>
/// <param name="Groups">The quantile of each group's scores.</param>
public sealed record ConformalCalibration(
    double Level, long Rows, double Quantile, IReadOnlyDictionary<string, double> Groups)
{
    /// <summary>(Σw)²/Σw²: how many rows of equal weight the calibration is worth; all, where there are no weights.</summary>
    /// <remarks>Kish (1965), §8.2.</remarks>
    public double EffectiveRows { get; init; } = Rows;

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
