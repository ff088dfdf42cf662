using ProbML.Evaluation;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;

namespace ProbML.Reports.Chapters;

/// <summary>Whether rows still come from where others came: what the detector found, as sections.</summary>
internal static class DriftPages
{
    public static ModelReport Of(DriftReport drift, ReportOptions options) => new(
        options.Title ?? (drift.IsDrift ? "Drift" : "No drift"),
        [Verdict(drift), Columns(drift, options), .. drift.Rows.Count > 0 ? [Rows(drift)] : Array.Empty<ReportSection>()]);

    private static ReportSection Verdict(DriftReport drift)
    {
        var d = drift.Divergences;
        return new(
            drift.IsDrift ? "Drift" : "No drift",
            $"{Text.Count(drift.CurrentRows)} current rows against {Text.Count(drift.ReferenceRows)} reference rows: p {Text.Equal(drift.PValue)} at level "
            + $"{Text.Number(drift.Level)}. A classifier ranks a current row above a reference row with probability {Text.Number(drift.Classifier.AreaUnderCurve)} "
            + $"(0.5 is chance, p {Text.Equal(drift.Classifier.PValue)}).",
            [
                new("How far apart the samples are", ["divergence", "estimate", "standard error"], new (string, Estimate)[]
                {
                    ("Kullback–Leibler, current to reference, nats", d.KullbackLeibler), ("Kullback–Leibler, reference to current, nats", d.ReverseKullbackLeibler),
                    ("Jensen–Shannon, nats", d.JensenShannon), ("squared Hellinger", d.SquaredHellinger), ("total variation", d.TotalVariation),
                }.Select(one => (IReadOnlyList<string>)[one.Item1, Text.Number(one.Item2.Value), Text.Number(one.Item2.StandardError)])),
            ]);
    }

    private static ReportSection Columns(DriftReport drift, ReportOptions options)
    {
        var drawn = drift.Features.OrderByDescending(one => one.Share).Take(options.MaximumDrawn).ToArray();
        string cut = drawn.Length < drift.Features.Count ? $" The {drawn.Length} of largest share of {drift.Features.Count} columns are drawn." : "";
        return new(
            "Columns",
            "A column's share is its part of what tells the samples apart; its own test (Kolmogorov–Smirnov of numbers, chi-square of levels) is adjusted for the "
            + $"number of columns by Holm's method.{cut}",
            [
                new("Columns", ["column", "share", "contribution, nats", "test", "statistic", "p, adjusted", "mean before", "mean now"], drift.Features.Select(one => (IReadOnlyList<string>)
                [
                    one.Name, Text.Percent(one.Share, "0.#"), Text.Number(one.Contribution), one.Test, Text.Number(one.Statistic), Text.PValue(one.AdjustedPValue),
                    one.ReferenceMean is { } before ? Text.Number(before) : "", one.CurrentMean is { } now ? Text.Number(now) : "",
                ])),
            ],
            drawn.Length == 0 ? [] :
            [
                RankedBars.Of(
                    "drift-columns", "What tells the samples apart", "share of the log ratio",
                    $"The share of each column, the largest {Text.Percent(drawn[0].Share, "0.#")} of {drawn[0].Name}; red: its own test finds a difference at level {Text.Number(drift.Level)}.",
                    [.. drawn.Select(one => (one.Name, one.Share, one.AdjustedPValue <= drift.Level ? Sketch.Vermilion : Sketch.Blue))]),
            ]);
    }

    private static ReportSection Rows(DriftReport drift) => new(
        "Rows most unlike the reference",
        "The log ratio says how much likelier a row is among the current rows than among the reference's.",
        [
            new("Rows", ["row", "log ratio", "column that contributes most"], drift.Rows.Select(one => (IReadOnlyList<string>)
                [one.Source is null ? Text.Count(one.Row) : $"{one.Source}: {Text.Count(one.Row)}", Text.Number(one.LogRatio), one.Feature])),
        ]);
}
