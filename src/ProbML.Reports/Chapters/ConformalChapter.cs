using ProbML.Reports.Html;

namespace ProbML.Reports.Chapters;

/// <summary>What intervals or sets of classes were calibrated by.</summary>
internal sealed class ConformalChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        if (subject.Pipeline.Conformal is not { } found)
            yield break;
        yield return new(
            "Conformal intervals",
            $"Intervals, or sets of classes, hold a new row's response with probability {Text.Percent(found.Level)} or more, whatever its distribution, if it comes "
            + "from where the calibration's rows came from.",
            [
                new("Calibration of intervals", ["", "value"],
                [
                    ["level", Text.Percent(found.Level)], ["rows that calibrated", Text.Count(found.Rows)], ["effective rows", Text.Number(found.EffectiveRows)],
                    ["quantile of the scores", Text.Number(found.Quantile)],
                    .. found.Groups.Select(group => (IReadOnlyList<string>)[$"of group {group.Key}", Text.Number(group.Value)]),
                ]),
            ]);
    }
}
