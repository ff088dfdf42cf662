using System.Text.Json.Nodes;
using static ProbML.Cli.FitReport;

namespace ProbML.Cli;

/// <summary>Profile intervals, sandwich covariances and paths, as a report names them.</summary>
internal static class ExtrasReport
{
    public static void Add(JsonObject report, GlmModel model, GlmExtras extras)
    {
        if (extras.Profile is { } profile)
        {
            var names = model.Coefficients.Where(c => !c.IsAliased).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
            ProfileInterval[] intervals = [.. profile.Coefficients.Where(interval => names.Contains(interval.Name))];
            report["profile_ci_95"] = new JsonObject
            {
                ["lower"] = Array(intervals.Select(interval => interval.Lower)),
                ["upper"] = Array(intervals.Select(interval => interval.Upper)),
            };
            if (profile.Theta is { } theta)
            {
                report["theta_profile_ci_95"] = new JsonObject
                {
                    ["lower"] = Number(theta.Lower),
                    ["upper"] = Number(theta.Upper),
                };
            }
        }
        else
        {
            report["profile_ci_95"] = null;
        }
        if (extras.IsFirth)
        {
            report["estimator"] = "firth";
            report["covariance_kind"] = "inverse of the expected information at Firth's estimate";
            report["log_likelihood_note"] = "sum of weight * log P(y) at Firth's estimate, without the penalty";
        }
        if (extras.Robust is { } robust)
            AddRobust(report, model, robust);
        if (extras.Path is { } path)
            report["path"] = Path(path);
    }

    private static void AddRobust(JsonObject report, GlmModel model, RobustCovariance robust)
    {
        GlmCoefficient[] estimated = [.. robust.Coefficients.Where(c => !c.IsAliased)];
        report["standard_errors"] = Array(estimated.Select(c => c.StandardError));
        report["statistics"] = Array(estimated.Select(c => c.Statistic));
        report["p_values"] = Array(estimated.Select(c => c.PValue));
        bool known = !model.Family.EstimatesDispersion;
        long df = robust.Clusters - 1 ?? model.Statistics.ResidualDegreesOfFreedom;
        double normal = NormalDistribution.Quantile(0.975), width = known ? normal : StudentT.Quantile(0.975, df);
        string degrees = robust.Clusters is null ? "df_residual" : "clusters - 1";
        report["wald_ci_95"] = Interval(width, known ? "normal" : $"t with {degrees} degrees of freedom");
        if (!known)
            report["wald_ci_95_normal"] = Interval(normal, null);
        report["covariance"] = Matrix(robust.Covariance);
        report["covariance_kind"] = robust.Clusters is { } clusters
            ? $"cluster-robust, {clusters} clusters, times G/(G-1) * (n-1)/(n-p)"
            : $"robust, {robust.Name}";
        report["robust"] = new JsonObject
        {
            ["kind"] = robust.Name.ToLowerInvariant(),
            ["clusters"] = robust.Clusters,
            ["level"] = model.Level,
            ["lower"] = Array(estimated.Select(c => c.Lower)),
            ["upper"] = Array(estimated.Select(c => c.Upper)),
        };

        JsonObject Interval(double quantile, string? distribution)
        {
            var interval = new JsonObject();
            if (distribution is not null)
                interval["distribution"] = distribution;
            interval["lower"] = Array(estimated.Select(c => c.Estimate - quantile * c.StandardError));
            interval["upper"] = Array(estimated.Select(c => c.Estimate + quantile * c.StandardError));
            return interval;
        }
    }

    private static JsonObject Path(GlmPath path)
    {
        var report = new JsonObject
        {
            ["alpha"] = path.Options.Alpha,
            ["objective"] = "- log-likelihood / sum of weights + lambda * (alpha * sum of |b_j| + (1 - alpha)/2 * sum of b_j^2)",
            ["lambdas"] = Array(path.Lambdas),
            ["deviance_ratios"] = Array(path.DevianceRatios),
            ["nonzero_counts"] = new JsonArray([.. path.NonZeroCounts.Select(count => JsonValue.Create(count))]),
            ["null_deviance"] = Number(path.NullDeviance),
            ["coefficient_names"] = Array(path.CoefficientNames),
            ["coefficients"] = new JsonArray([.. path.Coefficients.Select(Array)]),
        };
        if (path.CrossValidation is { } cv)
        {
            report["cv_folds"] = cv.Folds;
            report["cv_mean_deviance"] = Array(cv.MeanDeviance);
            report["cv_standard_error"] = Array(cv.StandardError);
            report["lambda_min"] = Number(cv.Minimum);
            report["lambda_1se"] = Number(cv.OneStandardError);
            report["lambda"] = Number(cv.Chosen);
            report["lambda_rule"] = path.Options.Rule == LambdaRule.Minimum ? "min" : "1se";
        }
        return report;
    }
}
