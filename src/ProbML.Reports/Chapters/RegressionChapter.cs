using ProbML.Evaluation;
using ProbML.Reports.Facts;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>Predicted numbers against observed ones: scores, residuals, calibration.</summary>
internal sealed class RegressionChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Rows is not NumberRows rows)
            yield break;
        int most = subject.Options.MaximumPoints;
        string some = rows.Sample.Count < rows.Metrics.Rows ? $" Of {Text.Count(rows.Sample.Count)} rows drawn at random." : "";
        double[] predicted = [.. rows.Sample.Select(row => row.Mean)], observed = [.. rows.Sample.Select(row => row.Label)];
        yield return new(
            "Scores",
            "How good the predicted distributions are: proper scores are best, on average, for whoever predicts the truth. ± is the standard error of the mean over rows.",
            [Scores(rows.Metrics)],
            [ResidualPlots.ObservedAndPredicted(predicted, observed, most, $"Each point is a row; on the black line observation and prediction agree.{some}")]);
        if (ResponseLaws.Of(subject.Pipeline, rows.Sample) is not { } law)
            yield break;
        var residuals = new QuantileResiduals(law, rows.Sample, subject.Options.Seed);
        if (residuals.Values.Length < 2)
            yield break;
        double[] fitted = [.. residuals.Rows.Select(row => row.Mean)];
        yield return new(
            "Residuals",
            $"Quantile residuals Φ⁻¹(F(y)), F being {law.Description}: standard normal if the model is right, whatever the family. Where y has a "
            + "probability of its own, as counts have, F(y) is drawn at random within its step. A slope or curve says that the mean is wrong, a funnel "
            + "that the spread is, a bend away from the line that the shape is.",
            [Moments(residuals.Values)],
            [
                ResidualPlots.AgainstFitted(fitted, residuals.Values, most, $"The red line is the median of groups of rows; it should lie near zero.{some}"),
                ResidualPlots.NormalQuantiles(residuals.Values, most, $"Points should lie along the black line, each within the grey band in 95 of 100 cases.{some}"),
            ]);
        bool isExact = law.Description.StartsWith("the normal", StringComparison.Ordinal) || law.Description == "the predicted quantiles";
        var (pit, curve) = isExact && rows.Metrics.PitHistogram is { } all ? (all, rows.Metrics.CoverageCurve!) : (residuals.Histogram!, residuals.Coverage!);
        long count = isExact ? rows.Metrics.Rows : residuals.Values.Length;
        yield return Calibration(pit, curve, count, rows.Metrics);
    }

    private static ReportSection Calibration(PitHistogram pit, CoverageCurve curve, long count, ProbabilisticRegressionMetrics metrics) => new(
        "Calibration",
        "Whether intervals hold what they promise. u = F(y) is uniform if they do: a hump in the middle means that predictions are too wide, a bowl that "
        + "they are too narrow, a slope that they are biased.",
        [
            new("Calibration", ["", "found", "if calibrated"],
            [
                ["mean of u", Text.Number(pit.Mean), "0.5"], ["variance of u", Text.Number(pit.Variance), "0.0833333"],
                ["mean error of coverage", Text.Number(curve.CalibrationError), "0"],
                .. double.IsNaN(metrics.IntervalCoverage.Value) ? [] : new IReadOnlyList<string>[]
                {
                    ["coverage of the model's intervals", Text.WithError(metrics.IntervalCoverage), Text.Number(metrics.IntervalLevel)],
                },
            ]),
        ],
        [
            CalibrationPlots.Pit(pit, count, $"{Text.Count(count)} rows in {pit.Shares.Count} bins. Were u uniform, each bar would end in the red band in 95 of 100 cases."),
            CalibrationPlots.Coverage(curve, count, $"What central intervals hold at levels from 5 % to 99 %; those of 90 % hold {Text.Percent(curve.At(0.9))} of {Text.Count(count)} rows."),
        ]);

    private static ReportTable Scores(ProbabilisticRegressionMetrics m) => new("Scores", ["", "value", "better"], new (string, string, string)[]
    {
        ("rows", Text.Count(m.Rows), ""), ("rows left out", Text.Count(m.SkippedRows), ""),
        ("root mean squared error", Text.Number(m.RootMeanSquaredError), "smaller"), ("mean absolute error", Text.Number(m.MeanAbsoluteError), "smaller"),
        ("mean log density", Text.WithError(m.MeanLogDensity), "larger"), ("CRPS", Text.WithError(m.ContinuousRankedProbabilityScore), "smaller"),
        ($"interval score, {Text.Percent(m.IntervalLevel)}", Text.WithError(m.IntervalScore), "smaller"),
        ($"coverage of {Text.Percent(m.IntervalLevel)} intervals", Text.WithError(m.IntervalCoverage), $"{Text.Percent(m.IntervalLevel)}"),
        ("mean width of intervals", Text.Number(m.IntervalMeanWidth), "smaller"),
    }.Where(row => row.Item2 != "–").Select(row => (IReadOnlyList<string>)[row.Item1, row.Item2, row.Item3]));

    private static ReportTable Moments(double[] r)
    {
        double mean = r.Average(), deviation = Math.Sqrt(r.Average(v => (v - mean) * (v - mean)));
        return new("Residuals", ["", "found", "if the model is right"],
        [
            ["mean", Text.Number(mean), "0"], ["standard deviation", Text.Number(deviation), "1"],
            ["share beyond ±1.96", Text.Percent((double)r.Count(v => Math.Abs(v) > 1.96) / r.Length), "5 %"],
            ["largest", Text.Number(r.Max()), ""], ["smallest", Text.Number(r.Min()), ""],
        ]);
    }
}
