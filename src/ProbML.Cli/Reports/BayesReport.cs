using System.Globalization;
using System.Text.Json.Nodes;
using static ProbML.Cli.Json;

namespace ProbML.Cli;

/// <summary>A posterior as one JSON object.</summary>
internal static class BayesReport
{
    /// <summary>What <c>--drop-test</c> would need; the options refuse it before.</summary>
    public static NotSupportedException NoTest() => new("Posteriors have no likelihood-ratio test: compare log evidences.");

    /// <summary>Everything that is known of a model.</summary>
    public static JsonObject Build(object model, FitFacts? facts) => model is BayesianLinearModel linear
        ? Build(linear, facts)
        : Build((BayesianGlmModel)model, facts);

    private static JsonObject Build(BayesianLinearModel model, FitFacts? facts)
    {
        var options = model.Options;
        string inference = options.IsRelevance ? "ard" : model.PriorPrecision is not null ? "evidence" : "conjugate";
        var report = Head("gaussian", "identity", inference, options.Priors, facts, options.Intercept, model.FeatureNames);
        report["status"] = model.Converged ? "converged" : "not_converged";
        AddCoefficients(report, model.Coefficients, options.Level, model.Covariance);
        if (options.IsRelevance)
        {
            report["prior_precisions"] = Array(model.Coefficients.Where(c => c.PriorPrecision is not null && !c.IsPruned).Select(c => c.PriorPrecision!.Value));
            report["pruned"] = Array(model.Coefficients.Where(c => c.IsPruned).Select(c => c.Name));
        }
        report["prior_precision"] = model.PriorPrecision;
        report["noise_precision"] = Number(model.NoisePrecision);
        report["noise_variance"] = Number(model.NoiseVariance);
        report["degrees_of_freedom"] = double.IsPositiveInfinity(model.DegreesOfFreedom) ? null : Number(model.DegreesOfFreedom);
        report["log_evidence"] = Number(model.LogEvidence);
        report["log_evidence_note"] = "exact";
        report["effective_parameters"] = Number(model.EffectiveParameters);
        report["n_positive_weight"] = model.Rows;
        return report;
    }

    private static JsonObject Build(BayesianGlmModel model, FitFacts? facts)
    {
        bool intercept = model.Coefficients.Count > model.FeatureCount;
        var report = Head(
            model.Family.Name, model.Link.Name, model.InferenceName, model.Priors, facts, intercept, model.FeatureNames);
        report["dispersion_prior"] = model.DispersionPrior?.ToString();
        report["status"] = model.Converged ? "converged" : "not_converged";
        AddCoefficients(report, model.Coefficients, model.Level, model.Covariance);
        if (model.LogDispersion is { } tau)
            report["log_dispersion"] = new JsonObject
            {
                ["mean"] = Number(tau.Mean),
                ["sd"] = Number(tau.StandardDeviation),
                ["median"] = Number(tau.Median),
                ["lower"] = Number(tau.LowerBound),
                ["upper"] = Number(tau.UpperBound),
            };
        report["log_evidence"] = Number(model.LogEvidence);
        report["log_evidence_note"] = model.InferenceName switch
        {
            "vi" or "vi-diagonal" or "vi-flow" => "variational lower bound",
            "laplace" => "Laplace's approximation",
            "ep" => "expectation propagation's approximation",
            _ => "not known",
        };
        report["n_positive_weight"] = model.Rows;
        if (model.Diagnostics is { } d)
            report["diagnostics"] = Diagnostics(d, model.Coefficients);
        return report;
    }

    /// <summary>What chains did, and how well each coefficient is known from them.</summary>
    internal static JsonObject Diagnostics(SamplerDiagnostics d, IReadOnlyList<BayesianCoefficient> coefficients) => new()
    {
        ["chains"] = d.Chains,
        ["draws_per_chain"] = d.DrawsPerChain,
        ["divergences"] = d.Divergences,
        ["saturated_trees"] = d.SaturatedTrees,
        ["acceptance"] = Number(d.Acceptance),
        ["max_rhat"] = Number(d.MaximumRHat),
        ["min_ess_bulk"] = Number(d.MinimumBulkEffectiveSize),
        ["min_ess_tail"] = Number(d.MinimumTailEffectiveSize),
        ["rhat"] = Array(coefficients.Select(c => c.RHat ?? double.NaN)),
        ["ess_bulk"] = Array(coefficients.Select(c => c.BulkEffectiveSize ?? double.NaN)),
        ["ess_tail"] = Array(coefficients.Select(c => c.TailEffectiveSize ?? double.NaN)),
    };

    private static JsonObject Head(
        string family,
        string link,
        string inference,
        CoefficientPriors? priors,
        FitFacts? facts,
        bool intercept,
        IReadOnlyList<string> features)
    {
        var report = new JsonObject { ["model"] = "bayes", ["family"] = family, ["link"] = link, ["inference"] = inference };
        if (facts is not null)
        {
            DesignReport.Add(
                report, facts, intercept, intercept ? [BayesianCoefficient.Intercept, .. features] : features);
            report["mean_first_rows"] = new JsonArray([.. facts.FirstRows.Select(row => row.Mean)]);
        }
        report["priors"] = priors is null ? null : new JsonObject(
        [
            KeyValuePair.Create("default", (JsonNode?)priors.Default.ToString()),
            KeyValuePair.Create(BayesianCoefficient.Intercept, (JsonNode?)priors.Intercept.ToString()),
            .. priors.ByColumn.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToString())),
        ]);
        return report;
    }

    internal static void AddCoefficients(
        JsonObject report, IReadOnlyList<BayesianCoefficient> coefficients, double level, double[,] covariance)
    {
        report["coefficient_names"] = Array(coefficients.Select(c => c.Name));
        report["means"] = Array(coefficients.Select(c => c.Mean));
        report["standard_deviations"] = Array(coefficients.Select(c => c.StandardDeviation));
        report["quantiles"] = new JsonObject
        {
            [Text(0.5 - level / 2)] = Array(coefficients.Select(c => c.LowerBound)),
            ["0.5"] = Array(coefficients.Select(c => c.Median)),
            [Text(0.5 + level / 2)] = Array(coefficients.Select(c => c.UpperBound)),
        };
        report["level"] = level;
        report["covariance"] = Matrix(covariance);

        static string Text(double p) => p.ToString("0.######", CultureInfo.InvariantCulture);
    }
}
