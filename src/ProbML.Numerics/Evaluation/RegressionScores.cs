namespace ProbML.Evaluation;

/// <summary>Proper scores of predicted distributions of numbers, summed over rows in constant memory.</summary>
/// <param name="intervalLevel">What the intervals promise to hold.</param>
/// <param name="quantileLevels">The levels of the quantiles, ascending in (0, 1); empty: there are none.</param>
public sealed class RegressionScores(double intervalLevel = 0.95, IReadOnlyList<double>? quantileLevels = null)
{
    private readonly double level = intervalLevel > 0 && intervalLevel < 1
        ? intervalLevel
        : throw new ArgumentOutOfRangeException(
            nameof(intervalLevel), intervalLevel, "The level of an interval must lie between 0 and 1.");

    private readonly double[] levels = Checked(quantileLevels ?? []);
    private readonly PitSum pit = new();
    private MeanWithError logDensity, crps, interval, covered, width, squares, absolutes;
    private long rows, skipped;

    /// <summary>Takes a row in. One whose response or mean is NaN, or whose weight is not positive, is counted as skipped.</summary>
    public void Add(double y, in PredictedNumber predicted, double weight = 1)
    {
        if (!double.IsFinite(y) || double.IsNaN(predicted.Mean) || !(weight > 0))
        {
            skipped++;
            return;
        }
        rows++;
        double error = y - predicted.Mean;
        squares.Add(error * error, weight);
        absolutes.Add(Math.Abs(error), weight);
        double density = predicted.LogDensityOf(y), rank = predicted.Crps(y, levels), u = predicted.Pit(y, levels);
        if (!double.IsNaN(density))
            logDensity.Add(density, weight);
        if (!double.IsNaN(rank))
            crps.Add(rank, weight);
        if (!double.IsNaN(u))
            pit.Add(u, weight);
        if (double.IsNaN(predicted.LowerBound) || double.IsNaN(predicted.UpperBound))
            return;
        interval.Add(ProperScores.IntervalScore(y, predicted.LowerBound, predicted.UpperBound, level), weight);
        covered.Add(y >= predicted.LowerBound && y <= predicted.UpperBound ? 1 : 0, weight);
        width.Add(predicted.UpperBound - predicted.LowerBound, weight);
    }

    /// <summary>The scores of the rows so far.</summary>
    public ProbabilisticRegressionMetrics Metrics => new()
    {
        Rows = rows,
        SkippedRows = skipped,
        RootMeanSquaredError = Math.Sqrt(squares.Mean),
        MeanAbsoluteError = absolutes.Mean,
        MeanLogDensity = logDensity.Estimate,
        ContinuousRankedProbabilityScore = crps.Estimate,
        IntervalLevel = level,
        IntervalScore = interval.Estimate,
        IntervalCoverage = covered.Estimate,
        IntervalMeanWidth = width.Mean,
        CoverageCurve = pit.Curve,
        PitHistogram = pit.Histogram,
    };

    private static double[] Checked(IReadOnlyList<double> levels)
    {
        for (int k = 0; k < levels.Count; k++)
        {
            if (!(levels[k] > 0 && levels[k] < 1) || (k > 0 && !(levels[k] > levels[k - 1])))
                throw new ArgumentOutOfRangeException(
                    nameof(levels),
                    levels[k],
                    "Quantile levels must ascend and lie between 0 and 1.");
        }
        return [.. levels];
    }
}

/// <summary>How good predicted distributions of numbers are; NaN or null for what the predictions do not tell.</summary>
public sealed record ProbabilisticRegressionMetrics
{
    /// <summary>The rows that were scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows left out, for want of a response, a mean or a positive weight.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>√ of the mean squared error of the mean.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>The mean absolute error of the mean.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>The mean of ln p(y | x), in nats; larger is better.</summary>
    public required Estimate MeanLogDensity { get; init; }

    /// <summary>The mean CRPS, in the units of y; smaller is better.</summary>
    public required Estimate ContinuousRankedProbabilityScore { get; init; }

    /// <summary>What the intervals promise to hold.</summary>
    public required double IntervalLevel { get; init; }

    /// <summary>The mean interval score, in the units of y; smaller is better.</summary>
    public required Estimate IntervalScore { get; init; }

    /// <summary>The share of responses that lie within their intervals.</summary>
    public required Estimate IntervalCoverage { get; init; }

    /// <summary>The mean width of the intervals.</summary>
    public required double IntervalMeanWidth { get; init; }

    /// <summary>What central intervals of every level hold.</summary>
    public required CoverageCurve? CoverageCurve { get; init; }

    /// <summary>The histogram of u = F(y).</summary>
    public required PitHistogram? PitHistogram { get; init; }
}
