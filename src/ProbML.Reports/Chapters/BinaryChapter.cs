using ProbML.Evaluation;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>Predicted probabilities of "true" against what came true.</summary>
internal sealed class BinaryChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Rows is not BinaryRows { Metrics: var m })
            yield break;
        yield return new(
            "Scores",
            "How good the predicted probabilities are: proper scores are best, on average, for whoever predicts the truth. ± is the standard error of the mean over rows.",
            [
                new("Scores", ["", "value", "better"],
                [
                    ["rows", Text.Count(m.Rows), ""], ["rows left out", Text.Count(m.SkippedRows), ""],
                    ["mean log density (minus log loss)", Text.WithError(m.MeanLogDensity), "larger"], ["Brier score", Text.WithError(m.BrierScore), "smaller"],
                    ["accuracy", Text.WithError(m.Accuracy), "larger"], ["base rate of true", Text.Number(m.Reliability.BaseRate), ""],
                ]),
            ]);
        yield return new(
            "Calibration",
            "Of rows with predicted probability p a share p should come true. The Brier score is uncertainty − resolution + reliability, but for the spread within bins.",
            [Calibration(m.Reliability), Bins(m.Reliability)],
            [
                CalibrationPlots.Reliability(
                    "reliability", "Reliability", m.Reliability,
                    $"Frequency in bins of predicted probability, with 95 % intervals (Wilson); expected calibration error {Text.Number(m.Reliability.ExpectedCalibrationError)}."),
                CalibrationPlots.Sharpness("sharpness", "Predicted probabilities", m.Reliability, "How many rows were given which probability."),
            ]);
    }

    internal static ReportTable Calibration(ReliabilityTable table) => new("Calibration", ["", "value", "better"],
    [
        ["expected calibration error", Text.Number(table.ExpectedCalibrationError), "smaller"],
        ["largest calibration error of a bin", Text.Number(table.MaximumCalibrationError), "smaller"],
        ["reliability", Text.Number(table.Reliability), "smaller"], ["resolution", Text.Number(table.Resolution), "larger"],
        ["uncertainty", Text.Number(table.Uncertainty), ""],
    ]);

    private static ReportTable Bins(ReliabilityTable table) => new(
        "Bins", ["probability", "rows", "mean probability", "frequency", "95 % from", "to"], table.Bins.Where(bin => bin.Rows > 0).Select(bin =>
        {
            var (lower, upper) = CalibrationPlots.Wilson(bin.Frequency, bin.Rows);
            return (IReadOnlyList<string>)
            [
                $"{Text.Number(Math.Round(bin.Lower, 4))} – {Text.Number(Math.Round(bin.Upper, 4))}", Text.Count(bin.Rows), Text.Number(bin.MeanProbability),
                Text.Number(bin.Frequency), Text.Number(lower), Text.Number(upper),
            ];
        }));
}
