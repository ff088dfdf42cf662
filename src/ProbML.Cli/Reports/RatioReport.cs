using ProbML.Evaluation;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ProbML.DensityRatios;
using ProbML.TwoSample;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A density ratio's fit as one JSON object.</summary>
internal static class RatioReport
{
    /// <summary>Everything that is known of a ratio of products of features.</summary>
    public static JsonObject Build(DensityRatioModel model, FitFacts? facts)
    {
        var report = Start(facts, model.FeatureNames);
        report["shape"] = model.Shape == RatioShape.Linear ? "linear" : "quadratic";
        report["components"] = model.Components;
        report["l2"] = Number(model.L2);
        report["held_out_log_loss"] = Number(model.HeldOutLogLoss);
        report["cross_fit"] = model.Folds;
        return Finish(report, model.Statistics);
    }

    /// <summary>Everything that is known of a network's ratio.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static JsonObject Build(RatioNetworkModel model, FitFacts? facts)
    {
        var report = Start(facts, model.FeatureNames);
        report["architecture"] = model.Architecture;
        VaeReport.AddReceipt(report, model.Receipt);
        report["cross_fit"] = 0;
        return Finish(report, model.Statistics);
    }

    private static JsonObject Start(FitFacts? facts, IReadOnlyList<string> features)
    {
        var report = new JsonObject { ["model"] = RatioWords.Name };
        if (facts is null)
        {
            report["features"] = Array(features);
            return report;
        }
        DesignReport.Add(report, facts, intercept: true, features);
        report["log_ratio_first_rows"] = new JsonArray([.. facts.FirstRows.Select(row => row.Eta is { } log ? Number(log) : null)]);
        return report;
    }

    private static JsonObject Finish(JsonObject report, DensityRatioStatistics statistics)
    {
        var d = statistics.Divergences;
        report["numerator_rows"] = statistics.NumeratorRows;
        report["denominator_rows"] = statistics.DenominatorRows;
        report["divergences"] = new JsonObject
        {
            ["kullback_leibler"] = Of(d.KullbackLeibler),
            ["reverse_kullback_leibler"] = Of(d.ReverseKullbackLeibler),
            ["jensen_shannon"] = Of(d.JensenShannon),
            ["squared_hellinger"] = Of(d.SquaredHellinger),
            ["total_variation"] = Of(d.TotalVariation),
        };
        report["effective_sample_size"] = Number(statistics.EffectiveSampleSize);
        report["maximum_ratio"] = Number(statistics.MaximumRatio);
        report["mean_ratio"] = Number(statistics.MeanRatio);
        return report;
    }

    private static JsonObject Of(Estimate estimate) => new()
    {
        ["estimate"] = Number(estimate.Value), ["standard_error"] = Number(estimate.StandardError),
    };
}
