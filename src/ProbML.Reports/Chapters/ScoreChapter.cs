using ProbML.DensityRatios;
using ProbML.Reports.Html;
using ProbML.Reports.Plotting;
using ProbML.Reports.Rows;

namespace ProbML.Reports.Chapters;

/// <summary>What a model without a label says of rows: how rare they are, or how much likelier in one sample than in another.</summary>
internal sealed class ScoreChapter : IChapter
{
    public IEnumerable<ReportSection> Write(ReportSubject subject)
    {
        var statistics = subject.Pipeline.Model switch
        {
            DensityRatioModel model => model.Statistics,
            RatioNetworkModel network => network.Statistics,
            _ => subject.Pipeline.Steps.OfType<DensityRatioTransformer>().LastOrDefault()?.Statistics,
        };
        double[] scores = subject.Rows is PlainRows rows ? [.. rows.Sample.Select(row => row.Mean).Where(double.IsFinite)] : [];
        if (statistics is not null)
            yield return Ratio(statistics, scores);
        else if (subject.Pipeline.Task == PredictionTask.AnomalyDetection && scores.Length > 0)
            yield return Anomalies((subject.Pipeline.Model as IAnomalyModel)?.Threshold ?? double.NaN, scores);
    }

    private static ReportSection Ratio(DensityRatioStatistics s, double[] logs) => new(
        "Density ratio",
        "How far the numerator's sample lies from the denominator's, by ratios of models that did not see the rows they score.",
        [
            new("The two samples", ["", "value"], new (string, string)[]
            {
                ("rows of the numerator", Text.Count(s.NumeratorRows)), ("rows of the denominator", Text.Count(s.DenominatorRows)),
                ("Kullback–Leibler, numerator to denominator, nats", Text.WithError(s.Divergences.KullbackLeibler)),
                ("Kullback–Leibler, denominator to numerator, nats", Text.WithError(s.Divergences.ReverseKullbackLeibler)),
                ("Jensen–Shannon, nats", Text.WithError(s.Divergences.JensenShannon)), ("squared Hellinger", Text.WithError(s.Divergences.SquaredHellinger)),
                ("total variation", Text.WithError(s.Divergences.TotalVariation)), ("effective sample size of the weights", Text.Number(s.EffectiveSampleSize)),
                ("largest ratio", Text.Number(s.MaximumRatio)), ("mean ratio", Text.Number(s.MeanRatio)),
            }.Select(row => (IReadOnlyList<string>)[row.Item1, row.Item2])),
        ],
        logs.Length == 0 ? [] : [Histogram.Of("log-ratios", "Log density ratios", "ln p(x)/q(x)", $"{Text.Count(logs.Length)} rows; right of zero they are likelier in the numerator's sample.", logs, 0)]);

    private static ReportSection Anomalies(double threshold, double[] scores)
    {
        double[] sorted = [.. scores.Order()];
        bool isKnown = double.IsFinite(threshold);
        double share = (double)scores.Count(score => score > threshold) / scores.Length;
        return new(
            "Anomalies",
            "The larger the score the rarer the row." + (isKnown ? " Rows right of the red line are called anomalies." : ""),
            [
                new("Scores", ["", "value"],
                [
                    .. isKnown ? [["threshold", Text.Number(threshold)], ["rows called anomalies", Text.Percent(share)]] : Array.Empty<IReadOnlyList<string>>(),
                    ["median", Text.Number(ChainDiagnostics.Quantile(sorted, 0.5))], ["99 % quantile", Text.Number(ChainDiagnostics.Quantile(sorted, 0.99))],
                    ["largest", Text.Number(sorted[^1])],
                ]),
            ],
            [Histogram.Of("scores", "Scores", "score", $"{Text.Count(scores.Length)} rows{(isKnown ? $", {Text.Percent(share)} beyond the threshold {Text.Number(threshold)}" : "")}.", scores, threshold)]);
    }
}
