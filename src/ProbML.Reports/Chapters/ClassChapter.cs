using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>Predicted probabilities of several classes against those observed.</summary>
internal sealed class ClassChapter : IChapter
{
    private const int MostClasses = 6, MostInTable = 30;

    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Rows is not ClassRows { Metrics: var m } rows)
            yield break;
        int count = rows.Classes.Count;
        yield return new(
            "Scores",
            "How good the predicted probabilities are: proper scores are best, on average, for whoever predicts the truth. ± is the standard error of the mean over rows.",
            [
                new("Scores", ["", "value", "better"],
                [
                    ["rows", Text.Count(m.Rows), ""], ["rows left out", Text.Count(m.SkippedRows), ""], ["classes", Text.Count(count), ""],
                    ["mean log density (minus log loss)", Text.WithError(m.MeanLogDensity), "larger"], ["Brier score", Text.WithError(m.BrierScore), "smaller"],
                    ["ranked probability score, for classes in order", Text.WithError(m.RankedProbabilityScore), "smaller"],
                    ["accuracy", Text.WithError(m.Accuracy), "larger"],
                ]),
                .. count <= MostInTable ? [Confusion(rows)] : Array.Empty<ReportTable>(),
            ]);
        var shown = Enumerable.Range(0, count).OrderByDescending(k => Enumerable.Range(0, count).Sum(j => rows.Confusion[k, j])).Take(MostClasses).Order().ToArray();
        string cut = shown.Length < count ? $" The {shown.Length} most frequent of {count} classes are drawn." : "";
        yield return new(
            "Calibration",
            $"Of rows to whose class probability p was given a share p should be of that class.{cut}",
            [BinaryChapter.Calibration(m.TopReliability)],
            [
                CalibrationPlots.Reliability(
                    "reliability", "Reliability of the likeliest class", m.TopReliability,
                    $"How often the likeliest class was the right one, with 95 % intervals (Wilson); expected calibration error {Text.Number(m.TopReliability.ExpectedCalibrationError)}."),
                .. shown.Select(k => CalibrationPlots.Reliability(
                    $"reliability-{rows.Classes[k]}", $"Reliability of {Text.Short(rows.Classes[k], 24)}", m.ClassReliability[k],
                    $"Frequency of class {rows.Classes[k]} in bins of its probability; expected calibration error {Text.Number(m.ClassReliability[k].ExpectedCalibrationError)}.")),
            ]);
    }

    private static ReportTable Confusion(ClassRows rows)
    {
        int count = rows.Classes.Count;
        return new(
            "Rows by observed class (down) and likeliest class (across)", ["observed", .. rows.Classes, "right"],
            Enumerable.Range(0, count).Select(k =>
            {
                long all = Enumerable.Range(0, count).Sum(j => rows.Confusion[k, j]);
                return (IReadOnlyList<string>)
                [
                    rows.Classes[k], .. Enumerable.Range(0, count).Select(j => Text.Count(rows.Confusion[k, j])),
                    all == 0 ? "–" : Text.Percent((double)rows.Confusion[k, k] / all, "0.#"),
                ];
            }));
    }
}
