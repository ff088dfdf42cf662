using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A fit of several classes, or of a limited response, as one JSON object.</summary>
internal static class VectorReport
{
    /// <summary>Everything that is known of a model; of one that this tool did not fit, what the model knows itself.</summary>
    public static JsonObject Build(VectorFit fit, FitFacts? facts, JsonObject? test, FitExtras? extras)
    {
        var report = new JsonObject
        {
            ["family"] = fit.Family,
            ["link"] = fit.Link,
            ["link_definition"] = fit.LinkDefinition,
        };
        if (facts is not null)
            DesignReport.Add(report, facts, fit.Intercept, fit.ColumnNames);
        report["options"] = new JsonObject
        {
            ["l1"] = 0,
            ["l2"] = fit.L2,
            ["penalise_intercept"] = fit.PenaliseIntercept,
            ["tweedie_power"] = null,
            ["multinomial_coding"] = fit.Coding?.ToString().ToLowerInvariant(),
            ["lower"] = fit.Tobit?.Options.Lower,
            ["upper"] = fit.Tobit?.Options.Upper,
            ["level"] = fit.Level,
        };
        AddResults(report, fit);
        if (fit.Model.Robust is { } robust)
            ExtrasReport.AddRobust(report, robust, fit.Level);
        if (extras is not null)
            ExtrasReport.Add(report, fit.Coefficients, extras);
        if (facts is not null)
        {
            report["mean_first_rows"] = new JsonArray([.. facts.FirstRows.Select(row => row.Mean)]);
            report["mean_note"] = fit.Classes is null
                ? "mean of the observed, censored response"
                : "class probabilities, one row per data row, levels in order";
            report["linear_predictor_first_rows"] = fit.Classes is null
                ? Array(facts.FirstRows.Select(row => row.Eta ?? double.NaN))
                : null;
            report["likelihood_ratio_test"] = test;
        }
        return report;
    }

    private static void AddResults(JsonObject report, VectorFit fit)
    {
        var s = fit.Statistics;
        GlmCoefficient[] estimated = [.. fit.Coefficients.Where(c => !c.IsAliased)];
        GlmCoefficient[] aliased = [.. fit.Coefficients.Where(c => c.IsAliased)];
        report["status"] = DesignReport.Status(s.Status, fit.L2 > 0, aliased.Length > 0);
        report["iterations"] = s.Iterations;
        report["coefficient_names"] = Array(estimated.Select(c => c.Name));
        report["coefficients"] = Array(estimated.Select(c => c.Estimate));
        report["aliased"] = Array(aliased.Select(c => c.Name));
        report["aliasing"] = new JsonObject(aliased.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)c.Aliasing)));
        if (fit.L2 > 0)
            AddPenalty(report, fit, estimated);
        report["standard_errors"] = Array(estimated.Select(c => c.StandardError));
        report["statistic_kind"] = "z";
        report["statistics"] = Array(estimated.Select(c => c.Statistic));
        report["p_values"] = Array(estimated.Select(c => c.PValue));
        double width = NormalDistribution.Quantile(0.975);
        report["wald_ci_95"] = new JsonObject
        {
            ["distribution"] = "normal",
            ["lower"] = Array(estimated.Select(c => c.Estimate - width * c.StandardError)),
            ["upper"] = Array(estimated.Select(c => c.Estimate + width * c.StandardError)),
        };
        report["covariance_kind"] = fit.CovarianceKind;
        report["covariance"] = Matrix(fit.Covariance);
        report["covariance_observed_information"] = null;
        if (fit.Tobit is { } tobit)
        {
            report["sigma"] = Number(tobit.Sigma);
            report["n_censored"] = tobit.LowerCount + tobit.UpperCount;
            report["n_censored_lower"] = tobit.LowerCount;
            report["n_censored_upper"] = tobit.UpperCount;
        }
        report["dispersion"] = new JsonObject
        {
            ["value"] = fit.Tobit is null ? 1 : Number(fit.Tobit.Sigma * fit.Tobit.Sigma),
            ["estimator"] = fit.Tobit is null ? "fixed at 1" : "sigma squared, maximum likelihood",
        };
        report["log_likelihood"] = Number(s.LogLikelihood);
        report["log_likelihood_note"] = fit.L2 > 0 ? "at the penalised estimate" : "maximum-likelihood value";
        report["deviance"] = fit.Tobit is null ? Number(s.Deviance) : null;
        report["null_deviance"] = fit.Tobit is null ? Number(s.NullDeviance) : null;
        report["null_log_likelihood"] = Number(s.NullLogLikelihood);
        report["pearson_chi2"] = null;
        report["aic"] = Number(s.Aic);
        report["aic_parameter_count"] = s.ParameterCount;
        report["bic"] = Number(s.Bic);
        report["n_rows"] = s.Rows;
        report["n_positive_weight"] = s.PositiveRows;
        report["sum_of_weights"] = Number(s.SumOfWeights);
        report["rank"] = fit.Rank;
        report["df_residual"] = fit.Tobit is null ? null : s.ResidualDegreesOfFreedom;
        report["df_null"] = null;
    }

    private static void AddPenalty(JsonObject report, VectorFit fit, GlmCoefficient[] estimated)
    {
        report["objective"] = new JsonObject
        {
            ["text"] = "minimise  - sum of w*log-likelihood + (l2/2) * sum of b_j^2, over the penalised coefficients",
            ["l1"] = 0,
            ["l2"] = fit.L2,
            ["intercept_penalised"] = fit.PenaliseIntercept,
            ["penalised"] = Array(estimated.Where(fit.IsPenalised).Select(c => c.Name)),
        };
        report["penalised_objective"] = Number(fit.Statistics.Objective);
        double[,] laplace = fit.OwnCovariance;
        report["laplace_covariance"] = Matrix(laplace);
        report["laplace_standard_errors"] = Array(Enumerable.Range(0, estimated.Length).Select(i => Math.Sqrt(laplace[i, i])));
        report["laplace_note"] = "inverse of the observed information plus the penalty matrix";
    }
}
