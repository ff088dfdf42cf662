using Microsoft.ML;
using ProbML.Evaluation;

namespace ProbML.Studio;

/// <summary>Judges predictions of rows that a model has not seen, by proper scores.</summary>
internal static class Scores
{
    private static readonly ScoreKind LogDensity = new(
        "log-density", "Log density", "Mean ln p(y | x) of what happened, in nats: the higher, the better", 1);

    private static readonly ScoreKind Crps = new(
        "crps", "CRPS", "The absolute error made for distributions, in the target's units: the lower, the better", -1);

    private static readonly ScoreKind Interval = new(
        "interval-score", "Interval score", "Width of the interval plus penalties for misses: the lower, the better", -1);

    private static readonly ScoreKind Coverage = new(
        "coverage", "Coverage", "The share of rows inside their intervals: near the level promised", 0, IsShare: true);

    private static readonly ScoreKind Rmse = new("rmse", "RMSE", "Root mean squared error of the mean: the lower, the better", -1);

    private static readonly ScoreKind LogProbability = new(
        "log-probability", "Log probability", "Mean ln P(what happened), in nats (minus the log loss): the higher, the better", 1);

    private static readonly ScoreKind Brier = new("brier", "Brier score", "Mean squared error of probabilities: the lower, the better", -1);

    private static readonly ScoreKind Ranked = new(
        "rps", "Ranked probability score", "The Brier score of cumulative probabilities, which minds the order: the lower, the better", -1);

    private static readonly ScoreKind Accuracy = new(
        "accuracy", "Accuracy", "The share of rows whose likeliest class is right: no proper score", 1, IsShare: true);

    private static readonly ScoreKind Calibration = new(
        "calibration", "Calibration error", "How far stated probabilities are from frequencies, on average: the lower, the better", -1, IsShare: true);

    private static readonly ScoreKind RowDensity = new(
        "row-density", "Log density", "Mean ln p(x) of a row in nats (of an autoencoder a bound below it): the higher, the better", 1);

    private static readonly ScoreKind Flagged = new(
        "flagged", "Called rare", "The share of ordinary rows that would be called rare: near what was allowed", 0, IsShare: true);

    private static readonly ScoreKind Elbo = new("elbo", "Elbo", "Mean evidence lower bound of ln p(x), in nats: the higher, the better", 1);

    private static readonly ScoreKind ReconstructionError = new(
        "reconstruction", "ReconstructionError", "Mean error of a row drawn again from its hidden numbers: the lower, the better", -1);

    /// <summary>The scores of a question, the one that ranks first.</summary>
    public static (IReadOnlyList<ScoreValue> Values, long Skipped) Of(MLContext ml, Setup setup, IDataView scored)
    {
        if (setup.Scenario.IsNumber())
        {
            var metrics = ml.Regression.EvaluateProbabilistic(scored, setup.Target!.Name, new() { IntervalLevel = setup.Level });
            return (
                [
                    Value(LogDensity, metrics.MeanLogDensity),
                    Value(Crps, metrics.ContinuousRankedProbabilityScore),
                    Value(Interval, metrics.IntervalScore),
                    Value(Coverage, metrics.IntervalCoverage),
                    new(Rmse, metrics.RootMeanSquaredError),
                ],
                metrics.SkippedRows);
        }
        if (setup.Scenario == Scenario.YesNo)
        {
            var metrics = ml.BinaryClassification.EvaluateProbabilistic(scored, setup.Target!.Name);
            return (
                [
                    Value(LogProbability, metrics.MeanLogDensity),
                    Value(Brier, metrics.BrierScore),
                    Value(Accuracy, metrics.Accuracy),
                    new(Calibration, metrics.Reliability.ExpectedCalibrationError),
                ],
                metrics.SkippedRows);
        }
        if (!setup.Scenario.HasTarget())
            return WithoutTarget(setup, scored);
        var classes = ml.MulticlassClassification.EvaluateProbabilistic(scored, Preparation.Label);
        return (
            [
                Value(LogProbability, classes.MeanLogDensity),
                Value(Brier, classes.BrierScore),
                .. setup.Scenario == Scenario.Ordered ? new[] { Value(Ranked, classes.RankedProbabilityScore) } : [],
                Value(Accuracy, classes.Accuracy),
                new(Calibration, classes.TopReliability.ExpectedCalibrationError),
            ],
            classes.SkippedRows);
    }

    /// <summary>Means over rows of what the model says of each.</summary>
    private static (IReadOnlyList<ScoreValue> Values, long Skipped) WithoutTarget(Setup setup, IDataView scored)
    {
        var rows = RowReader.Read(scored, [ColumnNames.Score, ColumnNames.PredictedLabel, Elbo.Name, ReconstructionError.Name]);
        if (setup.Scenario == Scenario.Hidden)
            return ([Mean(Elbo, rows, Elbo.Name, 1), Mean(ReconstructionError, rows, ReconstructionError.Name, 1)], Lacking(Elbo.Name));
        double flagged = rows.Average(row => row[ColumnNames.PredictedLabel] is true ? 1.0 : 0);
        return (
            [
                Mean(RowDensity, rows, ColumnNames.Score, -1),
                new(Flagged, flagged, Math.Sqrt(flagged * (1 - flagged) / rows.Count)),
            ],
            Lacking(ColumnNames.Score));

        long Lacking(string column) => rows.Count(row => row[column] is not double value || !double.IsFinite(value));
    }

    private static ScoreValue Mean(ScoreKind kind, List<Dictionary<string, object>> rows, string column, int sign)
    {
        double[] values = [.. rows.Select(row => row[column]).OfType<double>().Where(double.IsFinite).Select(value => sign * value)];
        if (values.Length < 2)
            return new(kind, double.NaN);
        double mean = values.Average(), squares = values.Sum(value => (value - mean) * (value - mean));
        return new(kind, mean, Math.Sqrt(squares / (values.Length - 1) / values.Length));
    }

    private static ScoreValue Value(ScoreKind kind, Estimate estimate) => new(kind, estimate.Value, estimate.StandardError);
}
