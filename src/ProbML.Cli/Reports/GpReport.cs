using System.Text.Json.Nodes;
using ProbML.GaussianProcesses;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A Gaussian process as one JSON object.</summary>
internal static class GpReport
{
    /// <summary>Everything that is known of a model.</summary>
    public static JsonObject Build(GaussianProcessModel model, FitFacts? facts)
    {
        var summary = model.Summary;
        var report = new JsonObject { ["model"] = "gp", ["inference"] = model.Inference, ["kernel"] = model.Kernel.ToString() };
        if (facts is not null)
        {
            DesignReport.Add(report, facts, intercept: false, model.FeatureNames);
            report["mean_first_rows"] = new JsonArray([.. facts.FirstRows.Select(row => row.Mean)]);
        }
        if (facts?.Request.Gp.Outputs is string column)
            report["outputs"] = GpOutputs.Report(column, facts.Plan, model.Kernel);
        report["status"] = summary.Converged ? "converged" : "not_converged";
        report["hyperparameters"] = new JsonArray([.. model.Hyperparameters.Select(one => new JsonObject
        {
            ["name"] = one.Name,
            ["value"] = Number(one.Value),
            ["in_own_unit"] = one.OwnUnit is { } own ? Number(own) : null,
            ["feature"] = one.Feature,
        })]);
        report["at_limit"] = Array(summary.AtBound);
        report["log_marginal_likelihood"] = Number(summary.LogMarginalLikelihood);
        report["log_marginal_likelihood_note"] = summary.IsApproximate ? "a bound or an approximation" : "exact";
        report["leave_one_out_log_density"] = Number(summary.LeaveOneOutLogDensity);
        report["leave_one_out_rmse"] = Number(summary.LeaveOneOutRootMeanSquaredError);
        report["jitter"] = Number(summary.Jitter);
        report["starts"] = Array(summary.Starts);
        report["evaluations"] = summary.Evaluations;
        report["level"] = model.Level;
        report["n_positive_weight"] = summary.Rows;
        return report;
    }
}
