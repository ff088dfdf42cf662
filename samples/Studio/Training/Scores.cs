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

    private static ScoreValue Value(ScoreKind kind, Estimate estimate) => new(kind, estimate.Value, estimate.StandardError);
}
