using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A fit as one JSON object.</summary>
/// <remarks>Numbers are written so that they read back unchanged; what does not exist is null.</remarks>
internal static class FitReport
{
    /// <summary>Everything that is known of a model; of one that this tool did not fit, what the model knows itself.</summary>
    public static JsonObject Build(GlmModel model, FitFacts? facts, DropTest<GlmModel>? test, FitExtras? extras)
    {
        var report = new JsonObject
        {
            ["family"] = FamilyName(model.Family),
            ["link"] = model.Link is InverseSquaredLink ? "1/mu^2" : model.Link.Name,
            ["link_definition"] = model.Link.Formula,
        };
        AddDesign(report, model, facts);
        AddResults(report, model);
        if (model.Robust is { } robust)
            ExtrasReport.AddRobust(report, robust, model.Level);
        if (extras is not null)
            ExtrasReport.Add(report, model.Coefficients, extras);
        AddCounts(report, model.Statistics);
        if (facts is not null)
        {
            report["mean_first_rows"] = new JsonArray([.. facts.FirstRows.Select(row => row.Mean)]);
            report["linear_predictor_first_rows"] = Array(facts.FirstRows.Select(row => row.Eta ?? double.NaN));
            report["likelihood_ratio_test"] = test is null ? null : Test(test);
        }
        return report;
    }

    private static void AddDesign(JsonObject report, GlmModel model, FitFacts? facts)
    {
        var options = model.Options;
        if (facts is not null)
            DesignReport.Add(report, facts, options.Intercept, model.Coefficients.Select(c => c.Name));
        report["options"] = new JsonObject
        {
            ["l1"] = options.L1,
            ["l2"] = options.L2,
            ["penalise_intercept"] = options.PenaliseIntercept,
            ["tweedie_power"] = (model.Family as TweedieFamily)?.Power,
            ["level"] = options.Level,
        };
    }

    private static void AddResults(JsonObject report, GlmModel model)
    {
        var s = model.Statistics;
        var estimated = model.Coefficients.Where(c => !c.IsAliased).ToArray();
        var aliased = model.Coefficients.Where(c => c.IsAliased).ToArray();
        report["status"] = DesignReport.Status(s.Status, model.Options.IsPenalised, aliased.Length > 0);
        report["iterations"] = s.Iterations;
        report["coefficient_names"] = Array(estimated.Select(c => c.Name));
        report["coefficients"] = Array(estimated.Select(c => c.Estimate));
        report["aliased"] = Array(aliased.Select(c => c.Name));
        report["aliasing"] = new JsonObject(aliased.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)c.Aliasing)));
        if (model.Options.IsPenalised)
            PenaltyReport.Add(report, model, estimated);
        AddTests(report, model, estimated);
        report["covariance"] = Matrix(model.Covariance);
        report["covariance_observed_information"] = Matrix(model.ObservedCovariance);
        report["dispersion"] = new JsonObject
        {
            ["value"] = Number(s.Dispersion),
            ["estimator"] = DispersionEstimator(model),
        };
        if (s.Theta is { } theta)
        {
            report["theta"] = theta;
            report["theta_standard_error"] = Number(s.ThetaStandardError ?? double.NaN);
            report["joint_observed_covariance_with_theta"] = Matrix(model.JointCovarianceWithTheta);
        }
        report["log_likelihood"] = Number(s.LogLikelihood);
        report["log_likelihood_note"] = LikelihoodNote(model);
        report["deviance"] = Number(s.Deviance);
        report["null_deviance"] = Number(s.NullDeviance);
        report["pearson_chi2"] = Number(s.PearsonChiSquared);
        report["aic"] = Number(s.Aic);
        report["aic_parameter_count"] = s.ParameterCount;
        report["bic"] = Number(s.Bic);
    }

    private static void AddTests(JsonObject report, GlmModel model, GlmCoefficient[] estimated)
    {
        bool known = model.IsDispersionKnown;
        long df = model.Robust?.DegreesOfFreedom ?? model.Statistics.ResidualDegreesOfFreedom;
        string degrees = model.Robust?.Clusters is null ? "df_residual" : "clusters - 1";
        report["standard_errors"] = Array(estimated.Select(c => c.StandardError));
        report["statistic_kind"] = known ? "z" : "t";
        report["statistics"] = Array(estimated.Select(c => c.Statistic));
        report["p_values"] = Array(estimated.Select(c => c.PValue));
        double normal = NormalDistribution.Quantile(0.975);
        double quantile = known ? normal : df > 0 ? StudentT.Quantile(0.975, df) : double.NaN;
        var interval = new JsonObject { ["distribution"] = known ? "normal" : $"t with {degrees} degrees of freedom" };
        report["wald_ci_95"] = Interval(interval, quantile);
        if (!known)
            report["wald_ci_95_normal"] = Interval([], normal);
        report["covariance_kind"] = model.Options.IsPenalised
            ? "dispersion times the inverse of the observed information plus the penalty matrix"
            : model.Statistics.ThetaStandardError is not null
                ? "inverse of the expected information at fixed theta"
                : "dispersion times the inverse of the expected information";

        JsonObject Interval(JsonObject limits, double width)
        {
            limits["lower"] = Array(estimated.Select(c => c.Estimate - width * c.StandardError));
            limits["upper"] = Array(estimated.Select(c => c.Estimate + width * c.StandardError));
            return limits;
        }
    }

    private static void AddCounts(JsonObject report, GlmStatistics s)
    {
        report["n_rows"] = s.Rows;
        report["n_positive_weight"] = s.PositiveRows;
        report["sum_of_weights"] = Number(s.SumOfWeights);
        report["rank"] = s.Rank;
        report["df_residual"] = s.ResidualDegreesOfFreedom;
        report["df_null"] = s.NullDegreesOfFreedom;
    }

    private static JsonObject Test(DropTest<GlmModel> test)
    {
        var reduced = test.Reduced.Statistics;
        bool estimatesTheta = reduced.ThetaStandardError is not null;
        bool known = test.Reduced.IsDispersionKnown;
        var result = new JsonObject
        {
            ["dropped_column"] = test.Column,
            ["dropped_coefficients"] = Array(test.Coefficients),
            ["df"] = test.Result.DegreesOfFreedom,
            ["deviance_reduced"] = Number(reduced.Deviance),
            ["log_likelihood_reduced"] = Number(reduced.LogLikelihood),
            ["statistic"] = Number(test.Result.Statistic),
            ["p_value"] = Number(test.Result.PValue),
            ["statistic_note"] = estimatesTheta
                ? "2 * log-likelihood difference, chi-square; theta estimated again in the reduced model"
                : $"difference of deviances{(known ? "" : " / dispersion of the full model")}, chi-square "
                    + "(R: anova(reduced, full, test='LRT'))",
        };
        if (estimatesTheta)
            result["theta_reduced"] = reduced.Theta;
        if (!known)
        {
            result["f_statistic"] = Number(test.Result.FStatistic);
            result["f_p_value"] = Number(test.Result.FPValue);
        }
        return result;
    }

    private static string FamilyName(IFamily family) => family.Name.Split('(')[0].Replace('-', '_');

    private static string DispersionEstimator(GlmModel model) =>
        !model.Family.EstimatesDispersion ? "fixed at 1"
        : model.IsDispersionKnown ? "as given"
        : model.Options.Dispersion == GlmDispersion.Deviance ? "deviance / df_residual"
        : model.Options.Dispersion == GlmDispersion.MaximumLikelihood ? "maximum likelihood"
        : "Pearson chi-square / df_residual";

    private static string LikelihoodNote(GlmModel model) => model.Family switch
    {
        GaussianFamily => "at the maximum-likelihood variance deviance/n",
        BernoulliFamily => "sum of weight * log P(y)",
        GammaFamily => "at dispersion = deviance / sum of weights (R's logLik), not at the Pearson dispersion",
        InverseGaussianFamily => "at dispersion = deviance / sum of weights",
        TweedieFamily => "at the Pearson dispersion, density by its series",
        NegativeBinomialFamily when model.Statistics.ThetaStandardError is null => "at the given theta, includes log(y!)",
        NegativeBinomialFamily => "theta at its maximum-likelihood value, includes log(y!)",
        _ => "includes log(y!)",
    };
}
