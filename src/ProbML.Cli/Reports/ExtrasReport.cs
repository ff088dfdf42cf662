using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>Profile intervals, sandwich covariances and paths, as a report names them.</summary>
internal static class ExtrasReport
{
    public static void Add(JsonObject report, IEnumerable<GlmCoefficient> coefficients, FitExtras extras)
    {
        if (extras.Profile is { } profile)
        {
            var names = coefficients.Where(c => !c.IsAliased).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
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
        if (extras.Path is { } path)
            report["path"] = Path(path);
    }

    /// <summary>Which sandwich the standard errors are of; they themselves are the model's.</summary>
    public static void AddRobust(JsonObject report, RobustCovariance robust, double level)
    {
        GlmCoefficient[] estimated = [.. robust.Coefficients.Where(c => !c.IsAliased)];
        report["covariance_kind"] = robust.Clusters is { } clusters
            ? $"cluster-robust, {clusters} clusters, times G/(G-1) * (n-1)/(n-p)"
            : $"robust, {robust.Name}";
        report["robust"] = new JsonObject
        {
            ["kind"] = robust.Name.ToLowerInvariant(),
            ["clusters"] = robust.Clusters,
            ["level"] = level,
            ["lower"] = Array(estimated.Select(c => c.Lower)),
            ["upper"] = Array(estimated.Select(c => c.Upper)),
        };
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
