using System.Text.Json.Nodes;
using ProbML.Flows;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>What is known of a flow's fit besides the model.</summary>
internal sealed record FlowFacts(FlowRequest Request, VaePlan Plan);

/// <summary>A flow's fit as one JSON object.</summary>
internal static class FlowReport
{
    /// <summary>Everything that is known of a model; of one that this tool did not fit, what the model knows itself.</summary>
    /// <param name="model">A FlowModel, or a FlowAnomalyModel.</param>
    /// <param name="facts">What is known of its fit, or null.</param>
    public static JsonObject Build(object model, FlowFacts? facts)
    {
        var detector = model as FlowAnomalyModel;
        var flow = detector?.Flow ?? (FlowModel)model;
        var receipt = flow.Receipt;
        var best = receipt.Epochs.FirstOrDefault(epoch => epoch.Epoch == receipt.BestEpoch);
        var report = new JsonObject { ["model"] = FlowWords.Name };
        if (facts is not null)
        {
            VaeReport.AddRows(report, facts.Plan);
            report["weights_column"] = facts.Request.Common.Weight;
        }
        report["architecture"] = flow.Architecture;
        report["features"] = Array(flow.FeatureNames);
        report["counts"] = Array(flow.FeatureNames.Where((_, j) => flow.IsCount[j]));
        report["circular"] = new JsonObject(flow.FeatureNames.Zip(flow.Maps).Where(pair => pair.Second is CircularMap).Select(
            pair => KeyValuePair.Create(pair.First, (JsonNode?)((CircularMap)pair.Second).Period)));
        report["status"] = receipt.Converged ? "completed" : "not_finite";
        report["standardized_log_density_per_row"] = Number(-(best?.Loss ?? double.NaN));
        report["standardized_validation_log_density_per_row"] = Number(-(best?.ValidationLoss ?? double.NaN));
        VaeReport.AddReceipt(report, receipt);
        report["anomaly"] = detector is null ? null : new JsonObject
        {
            ["score"] = "-log_density",
            ["threshold"] = Number(detector.Threshold),
            ["false_alarm_rate"] = facts is null
                ? null
                : facts.Request.FalseAlarmRate ?? new FlowAnomalyOptions().FalseAlarmRate,
        };
        return report;
    }
}
